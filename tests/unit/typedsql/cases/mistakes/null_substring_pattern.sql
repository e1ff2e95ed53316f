-- expect postgresql 11: substring by a pattern is NULL where nothing matches
-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: BookShelf
SELECT
    book_id,
    substring(title, '^a') AS label
FROM books
WHERE book_id = :book_id;
-- file: x.sqlite.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: BookShelf
SELECT
    book_id,
    title AS label
FROM books
WHERE book_id = :book_id;
