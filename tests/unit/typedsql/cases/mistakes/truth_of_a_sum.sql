-- expect sqlite 7: instead of 0 or 1
-- expect postgresql 10: operator does not exist: boolean + integer
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    book_id,
    is_lent + 1 AS is_lent
FROM volumes
WHERE book_id = :book_id;
