-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: int
SELECT CAST(coalesce(sum(pages), 0) AS bigint) AS pages
FROM volumes
WHERE author_id = :author_id;
