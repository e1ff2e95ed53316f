-- name: get_it(author_id, max_rows)
-- Look something up.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Loan
SELECT
    l.loan_id,
    l.book_id,
    l.member_id
FROM volumes AS b
INNER JOIN loans AS l ON b.book_id = l.book_id
WHERE b.author_id = :author_id
ORDER BY l.loan_id
LIMIT :max_rows;
