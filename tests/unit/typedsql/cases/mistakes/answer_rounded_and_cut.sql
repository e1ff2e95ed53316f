-- expect 5: the engines answer differently: PostgreSQL 294, SQLite 293
-- name: get_it()$
-- Look something up.
-- @scan: an average of all
-- @returns: int?
SELECT CAST(avg(pages) AS bigint) AS pages
FROM books;
