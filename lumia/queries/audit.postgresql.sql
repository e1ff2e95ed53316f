-- name: set_actor(actor, actor_customer_id)$
-- Say who acts from here to the end of the transaction, or with NULL that it is the system; gives the name.
--
-- @differs: a setting of the transaction, which costs no row
-- @param actor: text?
-- @param actor_customer_id: int?
-- @returns: text
SELECT coalesce(
    set_config('lumia.actor', coalesce(:actor, ''), TRUE)
    || left(set_config('lumia.actor_customer_id', coalesce(CAST(:actor_customer_id AS text), ''), TRUE), 0),
    ''
) AS actor;
