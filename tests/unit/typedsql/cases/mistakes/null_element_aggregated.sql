-- expect postgresql 9: an element of the array may be NULL
-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT array_agg(subtitle ORDER BY book_id) AS labels
FROM books
WHERE author_id = :author_id;
-- file: x.sqlite.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT json_group_array(b.title) AS labels
FROM (SELECT title FROM books WHERE author_id = :author_id ORDER BY title, book_id) AS b;
