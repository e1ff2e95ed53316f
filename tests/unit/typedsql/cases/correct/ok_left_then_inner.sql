-- name: get_left_then_inner(sale_id)^
-- The inner join after a LEFT JOIN lets only found rows through.
--
-- @param sale_id: int
-- @returns: BookAuthor
SELECT
    b.book_id,
    a.name AS author_name
FROM sales AS x
LEFT JOIN books AS b ON x.book_id = b.book_id
INNER JOIN authors AS a ON b.author_id = a.author_id
WHERE x.sale_id = :sale_id;
