-- expect postgresql 9: the plan reads the whole table volumes: give its condition an index
-- expect sqlite 9: the plan reads the whole table volumes
-- name: get_it(title)$
-- Look something up.
--
-- @param title: text
-- @returns: int
SELECT count(*) AS amount
FROM volumes
WHERE title = :title;
