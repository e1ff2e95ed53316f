-- expect postgresql 11: relation "boks" does not exist
-- expect sqlite 11: no such table: boks
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM boks
WHERE book_id = :book_id;
