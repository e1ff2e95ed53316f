-- expect postgresql 8: money and a plain number stand in one place
-- name: set_it(sale_id)!
-- Look something up.
--
-- @param sale_id: int
-- @returns: int
UPDATE sales
SET discount = 1
WHERE sale_id = :sale_id;
