-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    book_id,
    pages IS NOT NULL AS is_lent
FROM volumes
WHERE book_id = :book_id;
