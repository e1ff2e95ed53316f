-- expect sqlite 21: VolumeTitle needs title
-- expect sqlite 21: VolumeTitle has no name
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
    book_id,
    title AS name
FROM volumes
WHERE book_id = :book_id;
