-- expect 2: write `-- @small table: why`
-- @small shelves

-- name: get_it(shelf_id)^
-- Look something up.
--
-- @param shelf_id: int
-- @returns: Shelf
SELECT
    shelf_id,
    label
FROM shelves
WHERE shelf_id = :shelf_id;
