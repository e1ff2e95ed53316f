-- expect sqlite 21: text of another form than text of 27 characters
-- expect sqlite 24: may be NULL
-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeMoment
SELECT
    book_id,
    added_at
FROM volumes
WHERE book_id = :book_id;
-- file: x.sqlite.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeMoment
SELECT
    book_id,
    substr(added_at, 1, 19) AS added_at
FROM volumes
WHERE book_id = :book_id;
