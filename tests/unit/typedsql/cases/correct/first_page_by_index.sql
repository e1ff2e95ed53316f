-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
ORDER BY added_at, book_id
LIMIT :max_rows;
