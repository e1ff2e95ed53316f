-- expect 25: SQLite takes title from any row of the group
-- file: bare_column.postgresql.sql
-- name: list_titles_by_author(author_id)
-- One title of each author.
--
-- @differs: the smallest title
-- @param author_id: int
-- @returns: BookAuthor
SELECT
    author_id AS book_id,
    min(title) AS author_name
FROM books
WHERE author_id = :author_id
GROUP BY author_id
ORDER BY author_id;
-- file: bare_column.sqlite.sql
-- name: list_titles_by_author(author_id)
-- One title of each author.
--
-- @differs: whichever title comes first
-- @param author_id: int
-- @returns: BookAuthor
SELECT
    author_id AS book_id,
    title AS author_name
FROM books
WHERE author_id = :author_id
GROUP BY author_id
ORDER BY author_id;
