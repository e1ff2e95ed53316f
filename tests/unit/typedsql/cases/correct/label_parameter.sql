-- name: get_it(genre, max_rows)
-- Look something up.
--
-- @scan: genres are few and books are many
-- @param genre: enum:Genre
-- @param max_rows: int
-- @returns: VolumeGenre
SELECT
    book_id,
    genre
FROM volumes
WHERE genre = :genre
ORDER BY book_id
LIMIT :max_rows;
