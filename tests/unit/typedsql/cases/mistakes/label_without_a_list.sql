-- expect sqlite 6: SQLite takes any text there: add CHECK
-- name: get_it(oddity_id)^
-- Look something up.
--
-- @param oddity_id: int
-- @returns: OddityMood
SELECT
    oddity_id,
    mood
FROM oddities
WHERE oddity_id = :oddity_id;
