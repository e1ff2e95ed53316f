-- expect 7: every argument of coalesce may be NULL
-- name: list_any_name(author_id)
-- A name to show.
--
-- @param author_id: int
-- @returns: text
SELECT coalesce(pen_name, CAST(born_year AS text)) AS name
FROM authors
WHERE author_id = :author_id
ORDER BY author_id;
