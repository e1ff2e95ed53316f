-- expect postgresql 6: isbn was NULL over the fixture's rows, but @column isbn! says that it never is
-- expect sqlite 6: isbn was NULL over the fixture's rows
-- name: get_it(book_id)^
-- Look something up.
--
-- @column isbn!: every book has one
-- @param book_id: int
-- @returns: VolumeIsbn
SELECT
    book_id,
    isbn
FROM volumes
WHERE book_id = :book_id;
