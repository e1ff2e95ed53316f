-- name: get_it(member_id, max_rows)
-- Look something up.
--
-- @param member_id: int
-- @param max_rows: int
-- @returns: Loan
SELECT
    loan_id,
    book_id,
    member_id
FROM open_loans
WHERE member_id = :member_id
ORDER BY loan_id
LIMIT :max_rows;
