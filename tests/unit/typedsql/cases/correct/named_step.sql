-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
WITH chosen AS (
    SELECT
        book_id,
        title
    FROM volumes
    WHERE book_id = :book_id
)

SELECT
    book_id,
    title
FROM chosen;
