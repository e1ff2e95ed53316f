-- name: get_it()$
-- Look something up.
--
-- @scan: a count of all reads all
-- @returns: int
SELECT count(*) AS amount
FROM loans;
