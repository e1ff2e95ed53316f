-- expect postgresql 11: the plan reads the whole table books
-- expect sqlite 11: the plan reads the whole table books
-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: BookAuthor
SELECT
    b.book_id,
    a.name AS author_name
FROM books AS b
INNER JOIN authors AS a ON b.author_id = a.author_id AND a.born_year = 1819
ORDER BY b.book_id
LIMIT :max_rows;
