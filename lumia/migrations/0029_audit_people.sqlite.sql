-- The audit log of what tells of people, and what the erasure of a person may overwrite.

CREATE TRIGGER reviews_audit_update AFTER UPDATE OF
status, moderation_note ON reviews
WHEN (
    OLD.status, OLD.moderation_note
) IS NOT (
    NEW.status, NEW.moderation_note
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'reviews',
        CAST(NEW.review_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(iif(c.column1 IN ('moderation_note'), 'null', c.column3))),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('status', json_quote(OLD.status), json_quote(NEW.status)),
        ('moderation_note', 'null', iif(OLD.moderation_note IS NEW.moderation_note, 'null', '0'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER reviews_audit_delete AFTER DELETE ON reviews
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'reviews',
        CAST(OLD.review_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('status', json_quote(OLD.status)),
        ('moderation_note', 'null')
    ) AS c;
END;

CREATE TRIGGER customers_audit_update AFTER UPDATE OF
email, first_name, last_name, phone, external_reference, is_guest, is_active, is_verified,
erased_at ON customers
WHEN (
    OLD.email, OLD.first_name, OLD.last_name, OLD.phone, OLD.external_reference, OLD.is_guest,
    OLD.is_active, OLD.is_verified, OLD.erased_at
) IS NOT (
    NEW.email, NEW.first_name, NEW.last_name, NEW.phone, NEW.external_reference, NEW.is_guest,
    NEW.is_active, NEW.is_verified, NEW.erased_at
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'customers',
        CAST(NEW.customer_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(
            c.column1,
            json(
                iif(
                    c.column1 IN ('email', 'first_name', 'last_name', 'phone', 'external_reference'),
                    'null',
                    c.column3
                )
            )
        ),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('is_guest', iif(OLD.is_guest, 'true', 'false'), iif(NEW.is_guest, 'true', 'false')),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false')),
        ('is_verified', iif(OLD.is_verified, 'true', 'false'), iif(NEW.is_verified, 'true', 'false')),
        ('erased_at', json_quote(OLD.erased_at), json_quote(NEW.erased_at)),
        ('email', 'null', iif(OLD.email IS NEW.email, 'null', '0')),
        ('first_name', 'null', iif(OLD.first_name IS NEW.first_name, 'null', '0')),
        ('last_name', 'null', iif(OLD.last_name IS NEW.last_name, 'null', '0')),
        ('phone', 'null', iif(OLD.phone IS NEW.phone, 'null', '0')),
        ('external_reference', 'null', iif(OLD.external_reference IS NEW.external_reference, 'null', '0'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER customers_audit_delete AFTER DELETE ON customers
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'customers',
        CAST(OLD.customer_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('is_guest', iif(OLD.is_guest, 'true', 'false')),
        ('is_active', iif(OLD.is_active, 'true', 'false')),
        ('is_verified', iif(OLD.is_verified, 'true', 'false')),
        ('erased_at', json_quote(OLD.erased_at)),
        ('email', 'null'),
        ('first_name', 'null'),
        ('last_name', 'null'),
        ('phone', 'null'),
        ('external_reference', 'null')
    ) AS c;
END;

-- What happened to an order stays on record; of a customer who was erased the words that were said about it may go, and
-- nothing else.
DROP TRIGGER IF EXISTS order_status_history_append_only_update;

CREATE TRIGGER order_status_history_append_only_update BEFORE UPDATE ON order_status_history
WHEN (
    OLD.order_status_history_id, OLD.order_id, OLD.from_status, OLD.to_status, OLD.actor,
    OLD.changed_at
) IS NOT (
    NEW.order_status_history_id, NEW.order_id, NEW.from_status, NEW.to_status, NEW.actor,
    NEW.changed_at
)
    OR coalesce(NEW.reason, '') <> ''
    OR NOT EXISTS (
        SELECT 1
        FROM orders AS o
        INNER JOIN customers AS c ON c.customer_id = o.customer_id
        WHERE o.order_id = OLD.order_id
            AND c.erased_at IS NOT NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_append_only');
END;

DROP TRIGGER IF EXISTS order_item_cancellations_append_only_update;

CREATE TRIGGER order_item_cancellations_append_only_update BEFORE UPDATE ON order_item_cancellations
WHEN (
    OLD.order_item_cancellation_id, OLD.order_item_id, OLD.quantity, OLD.waived_amount,
    OLD.actor, OLD.cancelled_at
) IS NOT (
    NEW.order_item_cancellation_id, NEW.order_item_id, NEW.quantity, NEW.waived_amount,
    NEW.actor, NEW.cancelled_at
)
    OR coalesce(NEW.reason, '') <> ''
    OR NOT EXISTS (
        SELECT 1
        FROM orders AS o
        INNER JOIN customers AS c ON c.customer_id = o.customer_id
        WHERE o.order_id = (SELECT order_id FROM order_items WHERE order_item_id = OLD.order_item_id)
            AND c.erased_at IS NOT NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_item_cancellations_append_only');
END;

DROP TRIGGER IF EXISTS returns_frozen;

CREATE TRIGGER returns_frozen BEFORE UPDATE OF return_id, public_id, order_id, reason, created_at ON returns
WHEN (
    OLD.return_id, OLD.public_id, OLD.order_id, OLD.created_at
) IS NOT (
    NEW.return_id, NEW.public_id, NEW.order_id, NEW.created_at
)
    -- Of the words that go nothing else may go along.
    OR (NEW.reason IS NOT OLD.reason AND (
        coalesce(NEW.reason, '') <> ''
        OR (OLD.status, OLD.actor, OLD.note, OLD.location_id) IS NOT (NEW.status, NEW.actor, NEW.note, NEW.location_id)
        OR NOT EXISTS (
            SELECT 1
            FROM orders AS o
            INNER JOIN customers AS c ON c.customer_id = o.customer_id
            WHERE o.order_id = OLD.order_id
                AND c.erased_at IS NOT NULL
        )
    ))
BEGIN
    SELECT RAISE(ABORT, 'lumia:returns_frozen');
END;

DROP TRIGGER IF EXISTS payment_events_append_only_update;

CREATE TRIGGER payment_events_append_only_update BEFORE UPDATE ON payment_events
WHEN (
    OLD.payment_event_id, OLD.payment_id, OLD.provider, OLD.provider_event_id, OLD.kind,
    OLD.amount, OLD.refund_reference, OLD.occurred_at, OLD.created_at
) IS NOT (
    NEW.payment_event_id, NEW.payment_id, NEW.provider, NEW.provider_event_id, NEW.kind,
    NEW.amount, NEW.refund_reference, NEW.occurred_at, NEW.created_at
)
    OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS NOT OLD.applied_at)
    OR (NEW.payload IS NOT OLD.payload AND (
        coalesce(NEW.payload, '') <> ''
        OR NEW.applied_at IS NOT OLD.applied_at
        OR NOT EXISTS (
            SELECT 1
            FROM orders AS o
            INNER JOIN customers AS c ON c.customer_id = o.customer_id
            WHERE o.order_id = (SELECT order_id FROM payments WHERE payment_id = OLD.payment_id)
                AND c.erased_at IS NOT NULL
        )
    ))
BEGIN
    SELECT RAISE(ABORT, 'lumia:payment_events_append_only');
END;
