-- expect 15: LIMIT of None gives all rows on PostgreSQL
-- name: list_some(author_id, max_rows)
-- Some books of an author.
--
-- @param author_id: int
-- @param max_rows: int?
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY book_id
LIMIT :max_rows;
