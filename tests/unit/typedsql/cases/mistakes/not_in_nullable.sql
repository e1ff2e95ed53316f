-- expect 13: NOT IN finds nothing once the list holds a NULL
-- name: list_not_referring(max_rows, after_id)
-- The readers who brought nobody.
--
-- @param max_rows: int
-- @param after_id: int
-- @returns: Reader
SELECT
    reader_id,
    name AS email
FROM readers
WHERE reader_id > :after_id
    AND reader_id NOT IN (SELECT referred_by FROM readers WHERE reader_id < 9)
ORDER BY reader_id
LIMIT :max_rows;
