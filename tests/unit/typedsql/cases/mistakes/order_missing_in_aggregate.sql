-- expect postgresql 10: an aggregate lists rows in any order
-- expect sqlite 20: an aggregate lists rows in any order
-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT array_agg(title) AS labels
FROM books
WHERE author_id = :author_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT json_group_array(title) AS labels
FROM books
WHERE author_id = :author_id;
