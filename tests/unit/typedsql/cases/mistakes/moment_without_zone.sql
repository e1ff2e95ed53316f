-- expect postgresql 6: use timestamptz
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityMoment
SELECT
    oddity_id,
    noted_at
FROM oddities
WHERE oddity_id = :oddity_id;
