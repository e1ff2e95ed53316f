-- expect 13: LIMIT takes any rows without ORDER BY
-- name: get_any_sale(book_id)^
-- Some sale of a book.
--
-- @param book_id: int
-- @returns: MaybeCount
SELECT
    b.book_id,
    (
        SELECT x.quantity
        FROM sales AS x
        WHERE x.book_id = b.book_id
        LIMIT 1
    ) AS total
FROM books AS b
WHERE b.book_id = :book_id;
