-- expect 2: there is no such table
-- @small shelfs: there are few

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
