-- expect postgresql 7: VolumeTitle has no price
-- expect sqlite 7: VolumeTitle has no price
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title,
    price
FROM volumes
WHERE book_id = :book_id;
