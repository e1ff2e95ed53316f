-- name: put_stars(book_id, reader_id, stars)^
-- Inserted or updated: a column that is NOT NULL stays it, and NULL is assigned, not compared.
--
-- @param book_id: int
-- @param reader_id: int
-- @param stars: int
-- @returns: BookCount
INSERT INTO reviews (
    book_id,
    reader_id,
    stars
)
VALUES (
    :book_id,
    :reader_id,
    :stars
)
ON CONFLICT (book_id, reader_id) DO UPDATE
SET
    stars = excluded.stars,
    body = NULL
RETURNING
    book_id,
    stars AS total;
