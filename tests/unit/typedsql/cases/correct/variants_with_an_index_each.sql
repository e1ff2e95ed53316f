-- name: list_it(author_id, added_from, max_rows)
-- Books, by author and age where those are given.
--
-- @param author_id: int
-- @param added_from: timestamp
-- @param max_rows: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
WHERE TRUE
    AND author_id = :author_id --@if author_id
    AND added_at >= :added_from --@if added_from
ORDER BY added_at, book_id
LIMIT :max_rows;
