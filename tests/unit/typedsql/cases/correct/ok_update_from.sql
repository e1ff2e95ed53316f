-- name: delist_of_author(author_id)
-- Rows of RETURNING whose order does not matter.
--
-- @ties: the caller puts them into a set
-- @param author_id: int
-- @returns: Key
UPDATE books
SET is_listed = FALSE
WHERE author_id = :author_id
RETURNING book_id;
