-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeMaybe
SELECT
    book_id,
    subtitle,
    pages,
    list_price
FROM volumes
WHERE book_id = :book_id;
