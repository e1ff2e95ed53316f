-- expect 8: may be NULL
-- name: list_shelf_ids(max_rows)
-- The shelves of both sides.
--
-- @scan: all of both are wanted
-- @param max_rows: int
-- @returns: int
SELECT shelf_id
FROM books AS b
FULL JOIN shelves AS s USING (shelf_id)
ORDER BY
    b.book_id NULLS LAST,
    s.shelf_id NULLS LAST
LIMIT :max_rows;
