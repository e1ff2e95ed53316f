-- name: get_it(book_id, title)^
-- Look something up.
--
-- @param book_id: int
-- @param title: text
-- @returns: VolumeTitle
UPDATE volumes
SET title = :title
WHERE book_id = :book_id
RETURNING
    book_id,
    title;
