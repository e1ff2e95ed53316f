-- expect 23: reviews.body may be NULL
-- name: put_review(book_id, reader_id, stars)^
-- Say what a book is worth.
--
-- @param book_id: int
-- @param reader_id: int
-- @param stars: int
-- @returns: BookShelf
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
SET stars = excluded.stars
RETURNING
    book_id,
    body AS label;
