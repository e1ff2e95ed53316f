-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeWriter
SELECT
    b.book_id,
    a.name
FROM volumes AS b
INNER JOIN writers AS a ON b.author_id = a.author_id
WHERE b.book_id = :book_id;
