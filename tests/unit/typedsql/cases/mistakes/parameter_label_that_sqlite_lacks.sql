-- expect sqlite 6: lacks gift
-- name: get_it(origin)$
-- Look something up.
--
-- @scan: there are few
-- @param origin: enum:Origin
-- @returns: int
SELECT count(*) AS amount
FROM oddities
WHERE origin = :origin;
