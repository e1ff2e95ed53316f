-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: VolumeFull
SELECT
    book_id,
    public_id,
    title,
    genre,
    price,
    discount,
    is_lent,
    published_on,
    cover,
    added_at
FROM volumes
WHERE book_id = :book_id;
