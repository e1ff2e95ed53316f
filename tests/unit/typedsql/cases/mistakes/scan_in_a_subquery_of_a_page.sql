-- expect sqlite 10: the plan reads the whole table reviews
-- expect postgresql 10: the plan reads the whole table reviews
-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    (SELECT count(*) FROM reviews AS r WHERE r.stars = b.pages) AS total
FROM books AS b
ORDER BY b.book_id
LIMIT :max_rows;
