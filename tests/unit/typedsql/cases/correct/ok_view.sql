-- name: get_card(book_id)^
-- A view keeps what its tables prove.
--
-- @param book_id: int
-- @returns: BookAuthor
SELECT
    book_id,
    author_name
FROM book_cards
WHERE book_id = :book_id;
