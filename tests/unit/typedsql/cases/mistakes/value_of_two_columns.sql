-- expect postgresql 7: is one value, but the statement gives 2 columns
-- expect sqlite 7: is one value
-- name: get_it(book_id)$
-- Look something up.
--
-- @param book_id: int
-- @returns: text?
SELECT
    title,
    isbn
FROM volumes
WHERE book_id = :book_id;
