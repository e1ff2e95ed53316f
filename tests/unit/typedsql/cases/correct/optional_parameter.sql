-- name: get_it(subtitle, book_id)!
-- Look something up.
--
-- @param subtitle: text?
-- @param book_id: int
-- @returns: int
UPDATE volumes
SET subtitle = :subtitle
WHERE book_id = :book_id;
