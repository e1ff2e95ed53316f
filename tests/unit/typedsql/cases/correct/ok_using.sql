-- name: list_using(book_id, max_rows)
-- A column of USING.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    book_id,
    r.stars AS total
FROM sales AS x
INNER JOIN reviews AS r USING (book_id)
WHERE x.book_id = :book_id
ORDER BY
    x.sale_id,
    r.reader_id
LIMIT :max_rows;
