-- expect postgresql 9: column title is text in VolumeTitle, but int8
-- expect sqlite 9: declared INTEGER
-- expect postgresql 12: may be NULL
-- expect sqlite 12: may be NULL
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    pages AS title
FROM volumes
WHERE book_id = :book_id;
