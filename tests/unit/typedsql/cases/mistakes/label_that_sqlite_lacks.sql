-- expect sqlite 6: the CHECK list of oddities.origin lacks gift, which Origin has
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityOrigin
SELECT
    oddity_id,
    origin
FROM oddities
WHERE oddity_id = :oddity_id;
