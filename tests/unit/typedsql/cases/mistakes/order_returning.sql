-- expect 10: RETURNING gives several rows in any order
-- name: delist_books(author_id)
-- Take an author's books off the list.
--
-- @param author_id: int
-- @returns: Key
UPDATE books
SET is_listed = FALSE
WHERE author_id = :author_id
RETURNING book_id;
