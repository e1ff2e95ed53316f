-- expect 7: PostgreSQL fails on data that the other engine answers for, invalid input syntax for type bigint
-- name: get_it(after_id, max_rows)
-- Look something up.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    book_id,
    CAST(title AS bigint) AS total
FROM books
WHERE book_id > :after_id
ORDER BY book_id
LIMIT :max_rows;
