-- name: list_sold_by_book(author_id, max_rows)
-- A group has one row at least, so its sum exists.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    CAST(sum(x.quantity) AS bigint) AS total
FROM books AS b
INNER JOIN sales AS x ON x.book_id = b.book_id
WHERE b.author_id = :author_id
GROUP BY b.book_id
ORDER BY b.book_id
LIMIT :max_rows;
