-- name: get_it(loan_id)!
-- Look something up.
--
-- @param loan_id: int
-- @returns: int
DELETE FROM loans
WHERE loan_id = :loan_id;
