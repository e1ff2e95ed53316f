-- expect postgresql 6: annotated money, but PostgreSQL takes int8 there
-- name: list_it(author_id, pages, max_rows)
-- Books of an author, by pages if that is given.
--
-- @param author_id: int
-- @param pages: money
-- @param max_rows: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE author_id = :author_id
    AND pages = :pages --@if pages
ORDER BY book_id
LIMIT :max_rows;
