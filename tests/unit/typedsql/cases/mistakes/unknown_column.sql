-- expect postgresql 10: column "titel" does not exist
-- expect sqlite 10: no such column: titel
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    titel AS title
FROM volumes
WHERE book_id = :book_id;
