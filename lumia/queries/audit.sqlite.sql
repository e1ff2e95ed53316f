-- name: set_actor(actor, actor_customer_id)$
-- Say who acts from here on, or with NULL that it is the system; gives the name.
--
-- @differs: there is no setting of a transaction; whoever writes is alone, so one row is enough
-- @param actor: text?
-- @param actor_customer_id: int?
-- @returns: text
UPDATE audit_state
SET
    actor = :actor,
    actor_customer_id = :actor_customer_id
WHERE audit_state_id = 1
RETURNING coalesce(actor, '') AS actor;
