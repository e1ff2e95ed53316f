-- name: list_cte_columns(author_id, max_rows)
-- A row number is a key of its rows.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
WITH numbered (number, place) AS (
    SELECT
        b.book_id,
        row_number() OVER (ORDER BY b.title, b.book_id)
    FROM books AS b
    WHERE b.author_id = :author_id
)

SELECT
    n.number AS book_id,
    n.place AS total
FROM numbered AS n
ORDER BY n.place
LIMIT :max_rows;
