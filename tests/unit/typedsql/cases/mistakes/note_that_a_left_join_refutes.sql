-- expect postgresql 7: name was NULL
-- expect sqlite 7: name was NULL
-- name: get_it(book_id)
-- Look something up.
--
-- @all: one book
-- @column name!: each book has an editor
-- @param book_id: int
-- @returns: VolumeWriter
SELECT
    b.book_id,
    a.name
FROM volumes AS b
LEFT JOIN writers AS a ON a.author_id = b.editor_id
WHERE b.book_id = :book_id
ORDER BY b.book_id;
