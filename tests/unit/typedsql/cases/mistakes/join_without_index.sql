-- expect postgresql 10: reads the whole table volumes
-- expect sqlite 10: reads the whole table volumes
-- name: get_it(member_id)$
-- Look something up.
--
-- @param member_id: int
-- @returns: int
SELECT count(*) AS amount
FROM loans AS l
INNER JOIN volumes AS b ON l.fee = b.list_price
WHERE l.member_id = :member_id;
