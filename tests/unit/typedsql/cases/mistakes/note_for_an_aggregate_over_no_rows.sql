-- expect postgresql 8: author_id was NULL over empty tables
-- expect sqlite 8: author_id was NULL over empty tables
-- expect postgresql 9: total was NULL
-- expect sqlite 9: total was NULL
-- name: get_it(author_id)^
-- Look something up.
--
-- @column author_id!: the author exists
-- @column total!: the author has books
-- @param author_id: int
-- @returns: WriterTotal
SELECT
    max(author_id) AS author_id,
    sum(price) AS total
FROM volumes
WHERE author_id = :author_id;
