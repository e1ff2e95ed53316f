-- expect 9: books.pages may be NULL
-- name: get_case_branch(book_id)^
-- The pages of a listed book.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    CASE WHEN is_listed THEN pages ELSE 0 END AS total
FROM books
WHERE book_id = :book_id;
