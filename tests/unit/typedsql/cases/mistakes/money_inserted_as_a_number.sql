-- expect postgresql 9: money and a plain number stand in one place
-- name: insert_it(book_id, sold_at)!
-- Look something up.
--
-- @param book_id: int
-- @param sold_at: timestamp
-- @returns: none
INSERT INTO sales (book_id, quantity, amount, sold_at)
VALUES (:book_id, 1, 5, :sold_at);
