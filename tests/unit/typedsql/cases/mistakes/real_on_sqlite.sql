-- expect sqlite 19: SQLite gave REAL instead of INTEGER
-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: int?
SELECT
    CAST(sum(pages) AS bigint) AS pages
FROM volumes
WHERE author_id = :author_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: int?
SELECT
    avg(pages) AS pages
FROM volumes
WHERE author_id = :author_id;
