-- name: get_it(author_id)$
-- Look something up.
--
-- @param author_id: int
-- @returns: int
WITH given (number) AS (
    VALUES (1), (2)
)

SELECT count(*) AS amount
FROM given
INNER JOIN volumes AS b ON given.number = b.book_id
WHERE b.author_id = :author_id;
