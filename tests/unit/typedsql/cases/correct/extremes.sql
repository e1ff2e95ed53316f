-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: timestamp?
SELECT max(added_at) AS latest
FROM volumes
WHERE author_id = :author_id;
