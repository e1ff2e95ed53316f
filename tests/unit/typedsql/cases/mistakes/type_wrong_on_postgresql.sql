-- expect postgresql 8: column is_lent is bool in VolumeLent, but rate_fraction
-- file: x.postgresql.sql
-- name: get_it(book_id)^
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param book_id: int
-- @returns: VolumeLent
SELECT
    book_id,
    discount AS is_lent
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
    is_lent
FROM volumes
WHERE book_id = :book_id;
