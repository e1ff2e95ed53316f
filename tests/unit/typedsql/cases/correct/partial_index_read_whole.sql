-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: Loan
SELECT
    loan_id,
    book_id,
    member_id
FROM loans
WHERE returned_at IS NULL
ORDER BY loan_id
LIMIT :max_rows;
