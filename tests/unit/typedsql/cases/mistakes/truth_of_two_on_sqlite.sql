-- expect sqlite 20: instead of 0 or 1
-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    book_id,
    is_lent
FROM volumes
WHERE book_id = :book_id;
-- file: x.sqlite.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    book_id,
    is_lent + 1 AS is_lent
FROM volumes
WHERE book_id = :book_id;
