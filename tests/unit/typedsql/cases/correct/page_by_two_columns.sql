-- name: get_it(after, after_id, max_rows)
-- Look something up.
--
-- @param after: timestamp
-- @param after_id: int
-- @param max_rows: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
WHERE (added_at, book_id) > (:after, :after_id)
ORDER BY added_at, book_id
LIMIT :max_rows;
