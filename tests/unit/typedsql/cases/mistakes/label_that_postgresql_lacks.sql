-- expect postgresql 6: the enum type media lacks tape, which Media has: add it in a migration
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityMedia
SELECT
    oddity_id,
    media
FROM oddities
WHERE oddity_id = :oddity_id;
