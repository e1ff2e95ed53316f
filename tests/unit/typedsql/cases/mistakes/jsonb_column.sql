-- expect postgresql 6: jsonb loses the digits of numbers
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityExtra
SELECT
    oddity_id,
    extra
FROM oddities
WHERE oddity_id = :oddity_id;
