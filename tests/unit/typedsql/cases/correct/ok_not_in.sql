-- name: list_who_brought_nobody(after_id, max_rows)
-- NOT IN a list without NULL.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: Reader
SELECT
    r.reader_id,
    r.name AS email
FROM readers AS r
WHERE r.reader_id > :after_id
    AND r.reader_id NOT IN (SELECT o.referred_by FROM readers AS o WHERE o.referred_by IS NOT NULL)
ORDER BY r.reader_id
LIMIT :max_rows;
