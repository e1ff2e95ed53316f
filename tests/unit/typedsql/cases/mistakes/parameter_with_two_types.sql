-- expect postgresql 5: used with two types
-- name: get_it(wanted)^
-- Look something up.
--
-- @param wanted: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :wanted
    AND price > :wanted;
