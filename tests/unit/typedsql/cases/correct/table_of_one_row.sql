-- name: get_it()$
-- Look something up.
--
-- @returns: text?
SELECT currency
FROM settings
WHERE settings_id = 1;
