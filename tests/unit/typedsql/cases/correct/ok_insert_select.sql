-- name: copy_review(book_id, from_reader, to_reader)$
-- INSERT of a SELECT that gives one row at most.
--
-- @param book_id: int
-- @param from_reader: int
-- @param to_reader: int
-- @returns: int
INSERT INTO reviews (
    book_id,
    reader_id,
    stars
)
SELECT
    r.book_id,
    :to_reader,
    r.stars
FROM reviews AS r
WHERE r.book_id = :book_id
    AND r.reader_id = :from_reader
RETURNING stars;
