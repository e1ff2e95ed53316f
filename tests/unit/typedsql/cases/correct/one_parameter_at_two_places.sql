-- name: get_it(author_id, max_rows)
-- Look something up.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE author_id = :author_id
    AND (editor_id IS NULL OR editor_id <> :author_id)
ORDER BY book_id
LIMIT :max_rows;
