-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeMaybeWriter
SELECT
    b.book_id,
    a.name
FROM volumes AS b
LEFT JOIN writers AS a ON b.editor_id = a.author_id
WHERE b.book_id = :book_id;
