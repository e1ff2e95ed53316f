-- expect postgresql 12: reads the whole table volumes
-- expect sqlite 12: reads the whole table volumes
-- name: list_it(title, max_rows)
-- Books, by title if it is given.
--
-- @param title: text
-- @param max_rows: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
WHERE TRUE
    AND title = :title --@if title
ORDER BY added_at, book_id
LIMIT :max_rows;
