-- expect postgresql 6: column price is money in Volume, but rate_fraction
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: Volume
SELECT
    book_id,
    title,
    discount AS price
FROM volumes
WHERE book_id = :book_id;
