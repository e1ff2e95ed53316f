-- @small shelves: they stand in one room

-- name: get_it(note)$
-- Look something up.
--
-- @param note: text
-- @returns: int
SELECT count(*) AS amount
FROM shelves
WHERE note = :note;
