-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @column added_at!: a part of an instant that is there is there
-- @param book_id: int
-- @returns: VolumeMoment
SELECT
    book_id,
    date_trunc('second', added_at) AS added_at
FROM volumes
WHERE book_id = :book_id;
-- file: x.sqlite.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @column added_at!: a part of a text that is there is there
-- @param book_id: int
-- @returns: VolumeMoment
SELECT
    book_id,
    substr(added_at, 1, 19) || '.000000Z' AS added_at
FROM volumes
WHERE book_id = :book_id;
