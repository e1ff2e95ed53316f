-- name: list_referrers(reader_id, max_rows)
-- One table twice under two names.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Reader
SELECT
    r.reader_id,
    o.name AS email
FROM readers AS r
INNER JOIN readers AS o ON r.referred_by = o.reader_id
WHERE r.referred_by = :reader_id
ORDER BY r.reader_id
LIMIT :max_rows;
