-- expect sqlite 9: no such function: greatest
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    greatest(title, 'a') AS title
FROM volumes
WHERE book_id = :book_id;
