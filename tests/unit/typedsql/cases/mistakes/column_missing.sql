-- expect postgresql 7: Volume needs price
-- expect sqlite 7: Volume needs price
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: Volume
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
