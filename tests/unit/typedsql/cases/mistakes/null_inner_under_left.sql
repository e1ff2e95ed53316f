-- expect 9: s is on the nullable side of a LEFT JOIN
-- name: get_shelf_of_sale(sale_id)^
-- Where a sold book stood.
--
-- @param sale_id: int
-- @returns: BookShelf
SELECT
    x.book_id,
    s.label
FROM sales AS x
LEFT JOIN (
    books AS b
    INNER JOIN shelves AS s ON b.shelf_id = s.shelf_id
) ON x.book_id = b.book_id
WHERE x.sale_id = :sale_id;
