-- expect 9: INSERT without a column list
-- name: insert_shelf(shelf_id, label, note)!
-- Put up a shelf.
--
-- @param shelf_id: int
-- @param label: text
-- @param note: text?
-- @returns: none
INSERT INTO shelves
VALUES (:shelf_id, :label, :note);
