-- expect 14: a comparison with NULL is never true
-- name: list_without_shelf(author_id, max_rows)
-- The books of an author that stand nowhere.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
    AND shelf_id = NULL
ORDER BY book_id
LIMIT :max_rows;
