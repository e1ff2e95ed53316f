-- expect 5: @scan is not needed
-- name: get_it(book_id)^
-- Look something up.
--
-- @scan: there are few books
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
