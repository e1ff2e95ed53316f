-- expect 9: s is on the nullable side of a LEFT JOIN
-- name: get_card_shelf(book_id)^
-- Where a book stands.
--
-- @param book_id: int
-- @returns: BookShelf
SELECT
    book_id,
    shelf_label AS label
FROM book_cards
WHERE book_id = :book_id;
