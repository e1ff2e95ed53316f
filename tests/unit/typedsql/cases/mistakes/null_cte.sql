-- expect 17: s is on the nullable side of a LEFT JOIN
-- name: get_cte_shelf(book_id)^
-- Where a book stands.
--
-- @param book_id: int
-- @returns: BookShelf
WITH placed AS (
    SELECT
        b.book_id,
        s.label
    FROM books AS b
    LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
)

SELECT
    p.book_id,
    p.label
FROM placed AS p
WHERE p.book_id = :book_id;
