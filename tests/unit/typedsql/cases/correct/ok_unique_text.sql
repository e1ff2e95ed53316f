-- name: list_shelf_labels(after, max_rows)
-- A unique column that is no primary key.
--
-- @param after: text
-- @param max_rows: int
-- @returns: text
SELECT label
FROM shelves
WHERE label > :after
ORDER BY label
LIMIT :max_rows;
