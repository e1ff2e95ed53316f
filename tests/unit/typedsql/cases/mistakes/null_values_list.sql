-- expect 14: the argument mark may be None
-- name: list_marks(mark)
-- The marks of a book.
--
-- @ties: two equal marks look the same
-- @param mark: text?
-- @returns: text
WITH marks (mark) AS (
    VALUES
        ('new'),
        (:mark)
)

SELECT m.mark
FROM marks AS m
ORDER BY m.mark NULLS LAST;
