-- file: x.postgresql.sql
-- name: get_it(book_ids)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @all: as many as were asked for
-- @param book_ids: int[]
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id = ANY(:book_ids)
ORDER BY book_id;
-- file: x.sqlite.sql
-- name: get_it(book_ids)
-- Look something up.
--
-- @differs: the engines spell it apart
-- @all: as many as were asked for
-- @param book_ids: int[]
-- @returns: VolumeTitle
SELECT
    book_id,
    title
FROM volumes
WHERE book_id IN (SELECT value FROM json_each(:book_ids))
ORDER BY book_id;
