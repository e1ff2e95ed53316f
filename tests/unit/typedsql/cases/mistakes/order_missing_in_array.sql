-- expect postgresql 9: ARRAY lists rows in any order
-- file: x.postgresql.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT ARRAY(SELECT title FROM books WHERE author_id = :author_id) AS labels;
-- file: x.sqlite.sql
-- name: get_it(author_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param author_id: int
-- @returns: text[]?
SELECT json_group_array(b.title) AS labels
FROM (SELECT title FROM books WHERE author_id = :author_id ORDER BY title, book_id) AS b;
