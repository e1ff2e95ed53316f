-- expect postgresql 8: reads the whole table loans
-- expect sqlite 8: reads the whole table loans
-- name: get_it()$
-- Look something up.
--
-- @returns: int
SELECT count(*) AS amount
FROM loans;
