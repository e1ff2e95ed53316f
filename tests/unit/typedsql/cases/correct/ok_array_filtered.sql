-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]
SELECT coalesce(array_agg(subtitle ORDER BY book_id) FILTER (WHERE subtitle IS NOT NULL), CAST('{}' AS text[])) AS labels
FROM books
WHERE author_id = :author_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]
SELECT json_group_array(b.subtitle) AS labels
FROM (
    SELECT subtitle
    FROM books
    WHERE author_id = :author_id
        AND subtitle IS NOT NULL
    ORDER BY book_id
) AS b;
