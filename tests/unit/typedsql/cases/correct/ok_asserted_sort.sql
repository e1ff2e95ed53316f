-- file: x.postgresql.sql
-- name: get_it(author_id)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @column kind!: the moment is never NULL
-- @param author_id: int
-- @returns: KeyedKind
SELECT
    author_id AS key,
    to_char(added_at, 'YYYY') AS kind,
    title AS label
FROM books
WHERE author_id = :author_id
ORDER BY
    kind,
    book_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @column kind!: the moment is never NULL
-- @param author_id: int
-- @returns: KeyedKind
SELECT
    author_id AS key,
    substr(added_at, 1, 4) AS kind,
    title AS label
FROM books
WHERE author_id = :author_id
ORDER BY
    kind,
    book_id;
