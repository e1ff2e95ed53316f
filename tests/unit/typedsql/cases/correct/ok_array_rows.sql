-- file: ok_array_rows.postgresql.sql
-- name: list_given(book_ids)
-- What was given, in its order.
--
-- @differs: an array
-- @param book_ids: int[]
-- @returns: BookCount
SELECT
    given.book_id,
    given.place AS total
FROM unnest(:book_ids) WITH ORDINALITY AS given (book_id, place)
ORDER BY given.place;
-- file: ok_array_rows.sqlite.sql
-- name: list_given(book_ids)
-- What was given, in its order.
--
-- @differs: a JSON array
-- @param book_ids: int[]
-- @returns: BookCount
SELECT
    given.value AS book_id,
    given.key + 1 AS total
FROM json_each(:book_ids) AS given
ORDER BY given.key;
