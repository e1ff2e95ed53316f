-- name: list_page(after_title, after_id, max_rows)
-- A page by a key of two columns.
--
-- @scan: no index holds the titles
-- @param after_title: text
-- @param after_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE (title, book_id) > (:after_title, :after_id)
ORDER BY
    title,
    book_id
LIMIT :max_rows;
