-- expect postgresql 12: money and a plain number stand in one place
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: BookMoney
SELECT
    book_id,
    price AS amount
FROM books
WHERE book_id = :book_id
    AND price > 100;
