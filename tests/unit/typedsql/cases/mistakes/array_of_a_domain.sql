-- expect postgresql 8: no driver reads arrays of a domain
-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @only postgresql: arrays
-- @param author_id: int
-- @returns: money[]?
SELECT array_agg(price ORDER BY book_id) AS prices
FROM volumes
WHERE author_id = :author_id;
