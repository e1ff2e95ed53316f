-- @small shelves: they stand in one room

-- name: get_it()
-- Look something up.
--
-- @returns: Shelf
SELECT
    shelf_id,
    label
FROM shelves
ORDER BY shelf_id;
