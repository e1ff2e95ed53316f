-- expect postgresql 7: column 1 is title, but VolumeTitle has book_id there
-- expect sqlite 7: column 1 is title
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    title,
    book_id
FROM volumes
WHERE book_id = :book_id;
