-- expect 14: rows that tie in ORDER BY come in any order
-- name: list_author_sales(author_id, max_rows)
-- What was sold of an author.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    x.quantity AS total
FROM books AS b
INNER JOIN sales AS x ON x.book_id = b.book_id
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
