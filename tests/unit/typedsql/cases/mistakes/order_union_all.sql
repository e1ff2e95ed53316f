-- expect 14: rows that tie in ORDER BY come in any order
-- name: list_both_ids(book_id)
-- A book as often as it is named.
--
-- @param book_id: int
-- @returns: Key
SELECT book_id
FROM sales
WHERE book_id = :book_id
UNION ALL
SELECT book_id
FROM reviews
WHERE book_id = :book_id
ORDER BY book_id;
