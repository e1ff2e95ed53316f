-- expect sqlite 20: column 1 is title, but VolumeTitle has book_id there
-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = :book_id;
-- file: x.sqlite.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeTitle
SELECT
    title,
    book_id
FROM volumes
WHERE book_id = :book_id;
