-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: money?
SELECT sum(price) AS total
FROM volumes
WHERE author_id = :author_id;
