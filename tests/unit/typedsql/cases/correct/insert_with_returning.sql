-- name: get_it(book_id, member_id, now)^
-- Look something up.
--
-- @param book_id: int
-- @param member_id: int
-- @param now: timestamp
-- @returns: Loan
INSERT INTO loans (
    book_id,
    member_id,
    lent_at
)
VALUES (
    :book_id,
    :member_id,
    :now
)
RETURNING
    loan_id,
    book_id,
    member_id;
