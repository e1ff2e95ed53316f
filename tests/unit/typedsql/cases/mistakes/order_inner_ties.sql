-- expect 13: rows that tie in ORDER BY
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: MaybeCount
SELECT
    b.book_id,
    (
        SELECT s.quantity
        FROM sales AS s
        WHERE s.book_id = b.book_id
        ORDER BY s.sold_at DESC
        LIMIT 1
    ) AS total
FROM books AS b
WHERE b.book_id = :book_id;
