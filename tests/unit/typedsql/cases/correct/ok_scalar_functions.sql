-- file: x.postgresql.sql
-- name: get_it(author_id)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: MaybeShelf
SELECT
    book_id,
    coalesce('"' || subtitle || '"', 'null') AS label
FROM books
WHERE author_id = :author_id
ORDER BY book_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: MaybeShelf
SELECT
    book_id,
    json_quote(subtitle) AS label
FROM books
WHERE author_id = :author_id
ORDER BY book_id;
