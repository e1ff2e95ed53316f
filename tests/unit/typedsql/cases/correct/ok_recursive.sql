-- name: list_referred(reader_id, max_rows)
-- A recursive CTE whose columns cannot be NULL, by induction.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Step
WITH RECURSIVE chain (reader_id, depth) AS (
    SELECT
        r.reader_id,
        0
    FROM readers AS r
    WHERE r.reader_id = :reader_id
    UNION
    SELECT
        r.reader_id,
        c.depth + 1
    FROM chain AS c
    INNER JOIN readers AS r ON r.referred_by = c.reader_id
    WHERE c.depth < 9
)

SELECT
    c.reader_id,
    c.depth
FROM chain AS c
ORDER BY
    c.depth,
    c.reader_id
LIMIT :max_rows;
