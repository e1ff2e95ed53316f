-- name: get_it(before_id, max_rows)
-- Look something up.
--
-- @param before_id: int
-- @param max_rows: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id < :before_id
ORDER BY book_id DESC
LIMIT :max_rows;
