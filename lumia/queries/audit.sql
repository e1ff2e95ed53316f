-- name: list_entries(table_name, row_key, actor, changed_from, changed_to, after_id, max_rows)
-- One page of the audit log, newest first.
--
-- @scan: a time is read along the keys until the page is full
-- @param table_name: text
-- @param row_key: text
-- @param actor: text
-- @param changed_from: timestamp
-- @param changed_to: timestamp
-- @param after_id: int
-- @param max_rows: int
-- @returns: AuditEntryRow
SELECT
    audit_log_id,
    table_name,
    row_key,
    action,
    actor,
    actor_customer_id,
    before,
    after,
    changed_at
FROM audit_log
WHERE TRUE
    AND table_name = :table_name --@if table_name
    AND row_key = :row_key --@if row_key
    AND actor = :actor --@if actor
    AND changed_at >= :changed_from --@if changed_from
    AND changed_at < :changed_to --@if changed_to
    AND audit_log_id < :after_id --@if after_id
ORDER BY audit_log_id DESC
LIMIT :max_rows;
