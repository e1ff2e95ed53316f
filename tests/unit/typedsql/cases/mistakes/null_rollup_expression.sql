-- expect postgresql 13: a grouping set leaves it NULL
-- file: x.postgresql.sql
-- name: get_it()
-- Look something up.
--
-- @differs: the engines spell it apart
-- @scan: a report
-- @all: a report
-- @ties: a report
-- @returns: KeyedKind
SELECT
    count(*) AS key,
    coalesce(isbn, 'none') AS kind,
    'x' AS label
FROM books
GROUP BY ROLLUP (coalesce(books.isbn, 'none'))
ORDER BY coalesce(isbn, 'none') NULLS LAST;
-- file: x.sqlite.sql
-- name: get_it()
-- Look something up.
--
-- @differs: the engines spell it apart
-- @scan: a report
-- @all: a report
-- @ties: a report
-- @returns: KeyedKind
SELECT
    count(*) AS key,
    coalesce(isbn, 'none') AS kind,
    'x' AS label
FROM books
GROUP BY coalesce(isbn, 'none')
ORDER BY coalesce(isbn, 'none');
