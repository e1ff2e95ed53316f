-- expect postgresql 9: money is another text on SQLite
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: BookShelf
SELECT
    book_id,
    CAST(price AS text) AS label
FROM books
WHERE book_id = :book_id;
