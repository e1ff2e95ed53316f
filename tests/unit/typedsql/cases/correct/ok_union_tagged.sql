-- name: list_people(after_id, max_rows)
-- Branches told apart by a literal.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: Labelled
SELECT
    'author' AS kind,
    author_id AS key,
    name AS label
FROM authors
WHERE author_id > :after_id
UNION ALL
SELECT
    'reader',
    reader_id,
    name
FROM readers
WHERE reader_id > :after_id
ORDER BY
    kind,
    key
LIMIT :max_rows;
