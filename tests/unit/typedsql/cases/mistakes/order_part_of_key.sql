-- expect 17: rows that tie in ORDER BY come in any order
-- name: list_reviews_by_stars(book_id, max_rows)
-- The reviews of a book.
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
    stars,
    book_id
LIMIT :max_rows;
