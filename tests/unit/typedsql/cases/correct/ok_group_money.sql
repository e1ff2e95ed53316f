-- name: list_earned_by_book(author_id, max_rows)
-- Sorted by a sum, then by the group.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookMoney
SELECT
    x.book_id,
    sum(x.amount) AS amount
FROM books AS b
INNER JOIN sales AS x ON x.book_id = b.book_id
WHERE b.author_id = :author_id
GROUP BY x.book_id
ORDER BY
    amount DESC,
    x.book_id
LIMIT :max_rows;
