-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: int
SELECT count(*) AS amount
FROM volumes
WHERE author_id = :author_id;
