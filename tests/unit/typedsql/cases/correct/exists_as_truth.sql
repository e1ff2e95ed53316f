-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    b.book_id,
    EXISTS (
        SELECT 1
        FROM loans AS l
        WHERE l.book_id = b.book_id
    ) AS is_lent
FROM volumes AS b
WHERE b.book_id = :book_id;
