-- name: list_by_other_side(author_id, max_rows)
-- The join makes both columns equal.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    r.stars AS total
FROM books AS b
INNER JOIN reviews AS r ON r.book_id = b.book_id
WHERE b.author_id = :author_id
ORDER BY
    r.book_id,
    r.reader_id
LIMIT :max_rows;
