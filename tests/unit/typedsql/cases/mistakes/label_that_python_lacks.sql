-- expect postgresql 7: Binding lacks spiral, which the enum type binding has
-- expect sqlite 7: Binding lacks spiral, which the CHECK list of oddities.binding has
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityBinding
SELECT
    oddity_id,
    binding
FROM oddities
WHERE oddity_id = :oddity_id;
