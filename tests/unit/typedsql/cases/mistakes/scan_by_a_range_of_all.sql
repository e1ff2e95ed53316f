-- expect postgresql 10: the plan reads the whole table books
-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    book_id,
    title AS label
FROM books
WHERE book_id > 0
    AND title = 'Ties'
ORDER BY book_id
LIMIT :max_rows;
