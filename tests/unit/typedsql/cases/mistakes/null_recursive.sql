-- expect 22: the recursive part: readers.referred_by may be NULL
-- name: list_chain(reader_id, max_rows)
-- Who referred whom.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Step
WITH RECURSIVE chain (reader_id, depth) AS (
    SELECT
        :reader_id,
        0
    UNION
    SELECT
        r.referred_by,
        c.depth + 1
    FROM chain AS c
    INNER JOIN readers AS r ON r.reader_id = c.reader_id
    WHERE c.depth < 9
)

SELECT
    c.reader_id,
    c.depth
FROM chain AS c
ORDER BY
    c.depth,
    c.reader_id NULLS LAST
LIMIT :max_rows;
