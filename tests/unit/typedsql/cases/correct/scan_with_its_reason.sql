-- name: get_it(title)$
-- Look something up.
--
-- @scan: a librarian asks once a year
-- @param title: text
-- @returns: int
SELECT count(*) AS amount
FROM volumes
WHERE title = :title;
