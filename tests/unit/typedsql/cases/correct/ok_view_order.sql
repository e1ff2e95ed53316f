-- name: list_cards(after_id, max_rows)
-- The key of a view's first table is the view's.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: MaybeShelf
SELECT
    book_id,
    shelf_label AS label
FROM book_cards
WHERE book_id > :after_id
ORDER BY book_id
LIMIT :max_rows;
