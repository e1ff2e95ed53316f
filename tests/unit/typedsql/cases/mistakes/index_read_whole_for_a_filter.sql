-- expect postgresql 12: reads the whole table volumes
-- expect sqlite 12: reads the whole table volumes
-- name: get_it(title, max_rows)
-- Look something up.
--
-- @param title: text
-- @param max_rows: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
WHERE title = :title
ORDER BY added_at, book_id
LIMIT :max_rows;
