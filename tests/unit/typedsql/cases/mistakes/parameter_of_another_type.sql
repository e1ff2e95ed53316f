-- expect postgresql 5: annotated money, but PostgreSQL takes int8 there: correct
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: money
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
