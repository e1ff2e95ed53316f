-- expect 5: @column name! is not a column of VolumeTitle
-- name: get_it(book_id)^
-- Look something up.
--
-- @column name!: it has one
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
