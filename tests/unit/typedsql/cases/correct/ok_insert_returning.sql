-- name: insert_book(author_id, title, price, genre, added_at)^
-- A new row gives its key.
--
-- @param author_id: int
-- @param title: text
-- @param price: money
-- @param genre: enum:Genre
-- @param added_at: timestamp
-- @returns: Book
INSERT INTO books (
    author_id,
    title,
    price,
    genre,
    is_listed,
    added_at
)
VALUES (
    :author_id,
    :title,
    :price,
    :genre,
    TRUE,
    :added_at
)
RETURNING
    book_id,
    title,
    price;
