-- name: get_is_reviewed(book_id)$
-- EXISTS is never NULL.
--
-- @param book_id: int
-- @returns: bool
SELECT EXISTS (
    SELECT 1
    FROM reviews
    WHERE book_id = :book_id
) AS is_reviewed;
