-- name: list_every_book(added_from)
-- A list without LIMIT that says why.
--
-- @all: the catalogue is printed whole
-- @param added_from: timestamp
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE added_at >= :added_from
ORDER BY
    added_at,
    book_id;
