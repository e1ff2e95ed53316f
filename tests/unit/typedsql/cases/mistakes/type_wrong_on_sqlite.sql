-- expect sqlite 21: on SQLite it comes from a column declared INTEGER
-- expect sqlite 24: may be NULL
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
    pages AS title
FROM volumes
WHERE book_id = :book_id;
