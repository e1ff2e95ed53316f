-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
