-- name: list_author_names(author_id, max_rows)
-- What no rule shows, asserted.
--
-- @column author_name!: the foreign key makes sure that there is an author
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookAuthor
SELECT
    b.book_id,
    (SELECT a.name FROM authors AS a WHERE a.author_id = b.author_id) AS author_name
FROM books AS b
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
