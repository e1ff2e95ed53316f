-- expect postgresql 7: title stands in the result more than once
-- expect sqlite 7: title stands in the result more than once
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title,
    title
FROM volumes
WHERE book_id = :book_id;
