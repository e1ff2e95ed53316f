-- expect postgresql 6: a sum of bigint is numeric; CAST it AS bigint
-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: int?
SELECT sum(pages) AS pages
FROM volumes
WHERE author_id = :author_id;
