-- file: ok_keys_given.postgresql.sql
-- name: list_books_by_key(book_ids)
-- The books of a list of keys, which bounds the answer.
--
-- @differs: an array
-- @param book_ids: int[]
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE book_id = ANY(:book_ids)
ORDER BY book_id;
-- file: ok_keys_given.sqlite.sql
-- name: list_books_by_key(book_ids)
-- The books of a list of keys, which bounds the answer.
--
-- @differs: a JSON array
-- @param book_ids: int[]
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE book_id IN (SELECT given.value FROM json_each(:book_ids) AS given)
ORDER BY book_id;
