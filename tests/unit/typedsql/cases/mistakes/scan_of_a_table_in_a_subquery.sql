-- expect postgresql 13: reads the whole table members
-- expect sqlite 13: reads the whole table members
-- name: get_it(book_id)$
-- Look something up.
--
-- @param book_id: int
-- @returns: int
SELECT count(*) AS amount
FROM volumes
WHERE book_id = :book_id
    AND EXISTS (
        SELECT 1
        FROM members
        WHERE nickname = 'x'
    );
