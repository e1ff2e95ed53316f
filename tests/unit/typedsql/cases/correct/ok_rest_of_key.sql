-- name: list_reviews(book_id, max_rows)
-- WHERE holds one half of the key, ORDER BY the other.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: Review
SELECT
    book_id,
    reader_id,
    stars,
    body
FROM reviews
WHERE book_id = :book_id
ORDER BY
    stars DESC,
    reader_id
LIMIT :max_rows;
