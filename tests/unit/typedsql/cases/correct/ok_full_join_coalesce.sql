-- name: list_full_join(max_rows)
-- Both sides of a FULL JOIN, each key stating where NULL goes.
--
-- @scan: every row of both is wanted
-- @param max_rows: int
-- @returns: MaybeShelf
SELECT
    coalesce(b.book_id, 0) AS book_id,
    s.label
FROM books AS b
FULL JOIN shelves AS s ON b.shelf_id = s.shelf_id
ORDER BY
    b.book_id NULLS LAST,
    s.shelf_id NULLS LAST
LIMIT :max_rows;
