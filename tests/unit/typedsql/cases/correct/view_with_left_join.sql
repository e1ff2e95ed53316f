-- name: get_it(book_id)
-- Look something up.
--
-- @all: the loans of one book
-- @param book_id: int
-- @returns: VolumeMaybeLoan
SELECT
    book_id,
    loan_id
FROM book_loans
WHERE book_id = :book_id
ORDER BY book_id, loan_id NULLS FIRST;
