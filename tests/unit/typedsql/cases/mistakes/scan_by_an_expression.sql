-- expect postgresql 9: reads the whole table volumes
-- expect sqlite 9: reads the whole table volumes
-- name: get_it(title)$
-- Look something up.
--
-- @param title: text
-- @returns: int
SELECT count(*) AS amount
FROM volumes
WHERE coalesce(isbn, '') = :title;
