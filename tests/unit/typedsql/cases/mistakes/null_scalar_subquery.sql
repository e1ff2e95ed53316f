-- expect 9: a scalar subquery may give no row
-- name: get_author_name(book_id)^
-- Who wrote a book.
--
-- @param book_id: int
-- @returns: BookAuthor
SELECT
    b.book_id,
    (SELECT a.name FROM authors AS a WHERE a.author_id = b.author_id) AS author_name
FROM books AS b
WHERE b.book_id = :book_id;
