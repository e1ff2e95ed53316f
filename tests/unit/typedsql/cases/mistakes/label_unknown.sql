-- expect postgresql 7: column genre is enum:Genre in VolumeGenre, but text
-- expect sqlite 7: a text that is no label of Genre
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeGenre
SELECT
    book_id,
    'drama' AS genre
FROM volumes
WHERE book_id = :book_id;
