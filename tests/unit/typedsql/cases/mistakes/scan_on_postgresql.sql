-- expect postgresql 10: the plan reads the whole table loans
-- file: x.postgresql.sql
-- name: get_it(member_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param member_id: int
-- @returns: int
SELECT count(*) AS amount
FROM loans
WHERE member_id + 0 = :member_id;
-- file: x.sqlite.sql
-- name: get_it(member_id)$
-- Look something up.
--
-- @differs: the engines spell it apart
-- @param member_id: int
-- @returns: int
SELECT count(*) AS amount
FROM loans
WHERE member_id = :member_id;
