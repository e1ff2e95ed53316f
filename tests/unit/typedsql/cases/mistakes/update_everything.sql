-- expect 7: UPDATE without WHERE changes every row
-- name: delist_all()!
-- Take everything off the list.
--
-- @scan: every row is meant
-- @returns: none
UPDATE books
SET is_listed = FALSE;
