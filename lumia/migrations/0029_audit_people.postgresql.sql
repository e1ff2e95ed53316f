-- The audit log of what tells of people, and what the erasure of a person may overwrite.

CREATE TRIGGER reviews_audit_update AFTER UPDATE OF
status, moderation_note ON reviews
FOR EACH ROW WHEN (
    (
        OLD.status, OLD.moderation_note
    ) IS DISTINCT FROM (
        NEW.status, NEW.moderation_note
    )
) EXECUTE FUNCTION write_audit_log(
    'review_id',
    'status',
    'moderation_note'
);
CREATE TRIGGER reviews_audit_delete AFTER DELETE ON reviews
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'review_id',
    'status',
    'moderation_note'
);

CREATE TRIGGER customers_audit_update AFTER UPDATE OF
email, first_name, last_name, phone, external_reference, is_guest, is_active, is_verified,
erased_at ON customers
FOR EACH ROW WHEN (
    (
        OLD.email, OLD.first_name, OLD.last_name, OLD.phone, OLD.external_reference,
        OLD.is_guest, OLD.is_active, OLD.is_verified, OLD.erased_at
    ) IS DISTINCT FROM (
        NEW.email, NEW.first_name, NEW.last_name, NEW.phone, NEW.external_reference,
        NEW.is_guest, NEW.is_active, NEW.is_verified, NEW.erased_at
    )
) EXECUTE FUNCTION write_audit_log(
    'customer_id',
    'is_guest is_active is_verified erased_at',
    'email first_name last_name phone external_reference'
);
CREATE TRIGGER customers_audit_delete AFTER DELETE ON customers
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'customer_id',
    'is_guest is_active is_verified erased_at',
    'email first_name last_name phone external_reference'
);

-- What happened to an order stays on record; of a customer who was erased the words that were said about it may go, and
-- nothing else. Its arguments: the rule, and the column of the words.
CREATE FUNCTION refuse_unless_erased() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
BEGIN
    IF old_row - TG_ARGV[1] - 'updated_at' = new_row - TG_ARGV[1] - 'updated_at'
        AND coalesce(new_row ->> TG_ARGV[1], '') = ''
        AND EXISTS (
            SELECT 1
            FROM orders AS o
            INNER JOIN customers AS c ON c.customer_id = o.customer_id
            WHERE c.erased_at IS NOT NULL
                AND o.order_id = coalesce(
                    CAST(old_row ->> 'order_id' AS bigint),
                    (
                        SELECT i.order_id
                        FROM order_items AS i
                        WHERE i.order_item_id = CAST(old_row ->> 'order_item_id' AS bigint)
                    ),
                    (
                        SELECT p.order_id
                        FROM payments AS p
                        WHERE p.payment_id = CAST(old_row ->> 'payment_id' AS bigint)
                    )
                )
        ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'lumia:%', TG_ARGV[0]
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$;

DROP TRIGGER order_status_history_append_only_update ON order_status_history;
CREATE TRIGGER order_status_history_append_only_update BEFORE UPDATE ON order_status_history
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('order_status_history_append_only', 'reason');

DROP TRIGGER order_item_cancellations_append_only_update ON order_item_cancellations;
CREATE TRIGGER order_item_cancellations_append_only_update BEFORE UPDATE ON order_item_cancellations
FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased('order_item_cancellations_append_only', 'reason');

DROP TRIGGER returns_frozen ON returns;
CREATE TRIGGER returns_frozen BEFORE UPDATE OF return_id, public_id, order_id, reason, created_at ON returns
FOR EACH ROW WHEN (
    (OLD.return_id, OLD.public_id, OLD.order_id, OLD.reason, OLD.created_at)
    IS DISTINCT FROM (NEW.return_id, NEW.public_id, NEW.order_id, NEW.reason, NEW.created_at)
) EXECUTE FUNCTION refuse_unless_erased('returns_frozen', 'reason');

DROP TRIGGER payment_events_append_only_update ON payment_events;
CREATE TRIGGER payment_events_append_only_update BEFORE UPDATE ON payment_events
FOR EACH ROW WHEN (
    (
        OLD.payment_event_id, OLD.payment_id, OLD.provider, OLD.provider_event_id, OLD.kind, OLD.amount,
        OLD.refund_reference, OLD.payload, OLD.occurred_at, OLD.created_at
    ) IS DISTINCT FROM (
        NEW.payment_event_id, NEW.payment_id, NEW.provider, NEW.provider_event_id, NEW.kind, NEW.amount,
        NEW.refund_reference, NEW.payload, NEW.occurred_at, NEW.created_at
    )
    OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS DISTINCT FROM OLD.applied_at)
) EXECUTE FUNCTION refuse_unless_erased('payment_events_append_only', 'payload');
