-- Payments, what their providers told about them, and refunds.

-- Never a card number: there is no column for one, and what is short enough to be checked here has no room for it.
CREATE TABLE payments (
    payment_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    order_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    -- The payment's key at the provider; NULL until it is known.
    provider_reference TEXT,
    method TEXT NOT NULL,
    card_brand TEXT,
    card_last4 TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    capture_at TEXT NOT NULL,
    -- What the events captured and the refunds that did not fail give back: written by their triggers.
    captured_amount INTEGER NOT NULL DEFAULT 0,
    refunded_amount INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (payment_id AUTOINCREMENT),
    CONSTRAINT payments_public_id_key UNIQUE (public_id),
    CONSTRAINT payments_provider_reference_key UNIQUE (provider, provider_reference),
    -- The parent key of events: an event's provider is its payment's.
    CONSTRAINT payments_provider_key UNIQUE (payment_id, provider),
    CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id)
    REFERENCES orders (order_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT payments_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT payments_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT payments_status_type CHECK (status IN ('pending', 'authorized', 'captured', 'voided', 'failed')),
    CONSTRAINT payments_capture_at_type CHECK (capture_at IN ('placement', 'shipment')),
    CONSTRAINT payments_captured_amount_type CHECK (captured_amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT payments_refunded_amount_type CHECK (refunded_amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT payments_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT payments_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT payments_provider_code CHECK (
        provider GLOB '[a-z]*' AND provider NOT GLOB '*[^a-z0-9_]*' AND substr(provider, 1, 32) = provider
    ),
    CONSTRAINT payments_provider_reference_length CHECK (
        provider_reference <> '' AND substr(provider_reference, 1, 255) = provider_reference
    ),
    CONSTRAINT payments_method_length CHECK (method <> '' AND substr(method, 1, 40) = method),
    CONSTRAINT payments_method_no_card CHECK (
        replace(replace(method, ' ', ''), '-', '')
        NOT GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'
    ),
    CONSTRAINT payments_card_brand_length CHECK (card_brand <> '' AND substr(card_brand, 1, 40) = card_brand),
    CONSTRAINT payments_card_brand_no_card CHECK (
        replace(replace(card_brand, ' ', ''), '-', '')
        NOT GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'
    ),
    CONSTRAINT payments_card_last4_digits CHECK (
        card_last4 GLOB '[0-9][0-9][0-9][0-9]' AND substr(card_last4, 1, 4) = card_last4
    ),
    CONSTRAINT payments_amount_range CHECK (amount > 0),
    CONSTRAINT payments_currency_code CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND substr(currency, 1, 3) = currency),
    CONSTRAINT payments_captured_within CHECK (captured_amount BETWEEN 0 AND amount),
    CONSTRAINT payments_refunded_within CHECK (refunded_amount BETWEEN 0 AND captured_amount)
) STRICT;

CREATE INDEX payments_order_id_idx ON payments (order_id);

-- What was told about a payment, by its provider or by the shop itself: the payment's state and what it captured are a
-- function of the set of these rows, so that neither a repetition nor another order of arrival changes them.
CREATE TABLE payment_events (
    payment_event_id INTEGER NOT NULL,
    payment_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    provider_event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER,
    -- Which refund it is about: the provider's key of it, or its public id.
    refund_reference TEXT,
    -- JSON as text, numbers keep their digits; every card number in its strings is masked.
    payload TEXT,
    occurred_at TEXT NOT NULL,
    -- NULL while a refund's event waits for its refund or for the capture that it gives back.
    applied_at TEXT,
    created_at TEXT NOT NULL,
    CONSTRAINT payment_events_pkey PRIMARY KEY (payment_event_id AUTOINCREMENT),
    CONSTRAINT payment_events_provider_event_key UNIQUE (provider, provider_event_id),
    CONSTRAINT payment_events_payment_id_fkey FOREIGN KEY (payment_id, provider)
    REFERENCES payments (payment_id, provider) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT payment_events_kind_type CHECK (
        kind IN ('authorized', 'captured', 'voided', 'failed', 'refunded', 'refund_failed')
    ),
    CONSTRAINT payment_events_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT payment_events_occurred_at_type CHECK (
        occurred_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND occurred_at BETWEEN '1970' AND '9999'
        AND occurred_at IS date(substr(occurred_at, 1, 19), '+0 days') || substr(occurred_at, 11)
    ),
    CONSTRAINT payment_events_applied_at_type CHECK (
        applied_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND applied_at BETWEEN '1970' AND '9999'
        AND applied_at IS date(substr(applied_at, 1, 19), '+0 days') || substr(applied_at, 11)
    ),
    CONSTRAINT payment_events_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT payment_events_provider_event_id_length CHECK (
        provider_event_id <> '' AND substr(provider_event_id, 1, 255) = provider_event_id
    ),
    CONSTRAINT payment_events_amount_range CHECK (amount > 0),
    CONSTRAINT payment_events_amount_given CHECK (kind NOT IN ('captured', 'refunded') OR amount IS NOT NULL),
    CONSTRAINT payment_events_refund_reference_length CHECK (
        refund_reference <> '' AND substr(refund_reference, 1, 255) = refund_reference
    ),
    CONSTRAINT payment_events_refund_named CHECK (
        CASE kind WHEN 'refunded' THEN 1 WHEN 'refund_failed' THEN 1 ELSE 0 END
        = CASE WHEN refund_reference IS NULL THEN 0 ELSE 1 END
    ),
    CONSTRAINT payment_events_payload_length CHECK (length(payload) >= 2 AND substr(payload, 1, 100000) = payload),
    CONSTRAINT payment_events_applied CHECK (applied_at IS NOT NULL OR refund_reference IS NOT NULL)
) STRICT;

CREATE INDEX payment_events_payment_id_idx ON payment_events (payment_id, provider);

CREATE TABLE refunds (
    refund_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    payment_id INTEGER NOT NULL,
    -- The refund's key at the provider; NULL until it is known.
    provider_reference TEXT,
    amount INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT refunds_pkey PRIMARY KEY (refund_id AUTOINCREMENT),
    CONSTRAINT refunds_public_id_key UNIQUE (public_id),
    -- The index of the payment's key too.
    CONSTRAINT refunds_provider_reference_key UNIQUE (payment_id, provider_reference),
    CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id)
    REFERENCES payments (payment_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT refunds_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT refunds_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT refunds_status_type CHECK (status IN ('pending', 'succeeded', 'failed')),
    CONSTRAINT refunds_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT refunds_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT refunds_provider_reference_length CHECK (
        provider_reference <> '' AND substr(provider_reference, 1, 255) = provider_reference
    ),
    CONSTRAINT refunds_amount_range CHECK (amount > 0),
    CONSTRAINT refunds_reason_length CHECK (substr(reason, 1, 500) = reason),
    CONSTRAINT refunds_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor)
) STRICT;

-- Which units a refund pays back. Where one payment cannot pay all of them, the units stand with the first refund, and
-- what the next one adds has no units of its own.
CREATE TABLE refund_items (
    refund_id INTEGER NOT NULL,
    order_item_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT refund_items_pkey PRIMARY KEY (refund_id, order_item_id),
    CONSTRAINT refund_items_refund_id_fkey FOREIGN KEY (refund_id)
    REFERENCES refunds (refund_id) ON DELETE RESTRICT,
    CONSTRAINT refund_items_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT refund_items_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT refund_items_quantity_range CHECK (quantity BETWEEN 0 AND 1000000),
    CONSTRAINT refund_items_amount_range CHECK (amount >= 0),
    CONSTRAINT refund_items_something CHECK (quantity > 0 OR amount > 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX refund_items_order_item_id_idx ON refund_items (order_item_id);

-- What the triggers write brings its own time with it.
CREATE TRIGGER payments_touch AFTER UPDATE ON payments
WHEN NEW.updated_at = OLD.updated_at
    AND (NEW.status, NEW.captured_amount, NEW.refunded_amount)
    IS (OLD.status, OLD.captured_amount, OLD.refunded_amount)
BEGIN
    UPDATE payments
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE payment_id = NEW.payment_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TRIGGER refunds_touch AFTER UPDATE ON refunds
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE refunds
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE refund_id = NEW.refund_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- A payment is made in its order's currency; an imported order's payments are not known.
CREATE TRIGGER payments_order_matches BEFORE INSERT ON payments
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_order_matches')
    FROM orders
    WHERE order_id = NEW.order_id
        AND (origin <> 'live' OR currency <> NEW.currency);
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER payments_frozen_replace BEFORE INSERT ON payments
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_pkey')
    FROM payments
    WHERE payment_id = NEW.payment_id;
    SELECT RAISE(ABORT, 'lumia:payments_public_id_key')
    FROM payments
    WHERE public_id = NEW.public_id;
    SELECT RAISE(ABORT, 'lumia:payments_provider_reference_key')
    FROM payments
    WHERE provider = NEW.provider
        AND provider_reference = NEW.provider_reference;
END;

-- What was agreed with the provider stays; its key may be added once.
CREATE TRIGGER payments_frozen BEFORE UPDATE OF
payment_id, public_id, order_id, provider, provider_reference, amount, currency, capture_at, created_at ON payments
WHEN (
    OLD.payment_id, OLD.public_id, OLD.order_id, OLD.provider, OLD.amount, OLD.currency, OLD.capture_at, OLD.created_at
) IS NOT (
    NEW.payment_id, NEW.public_id, NEW.order_id, NEW.provider, NEW.amount, NEW.currency, NEW.capture_at, NEW.created_at
)
    OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS NOT OLD.provider_reference)
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_frozen');
END;

CREATE TRIGGER payments_frozen_delete BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_frozen');
END;

-- A payment begins with nothing.
CREATE TRIGGER payments_follow_events_insert BEFORE INSERT ON payments
WHEN NEW.status <> 'pending' OR NEW.captured_amount <> 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_follow_events');
END;

-- What the set of its events says, and nothing else. No client can meet this: every event took effect in its own
-- statement.
CREATE TRIGGER payments_follow_events_update BEFORE UPDATE OF status, captured_amount ON payments
WHEN (OLD.status, OLD.captured_amount) IS NOT (NEW.status, NEW.captured_amount)
    AND (NEW.status, NEW.captured_amount) IS NOT (
        SELECT
            CASE max(
                CASE kind WHEN 'captured' THEN 4 WHEN 'voided' THEN 3 WHEN 'failed' THEN 2 WHEN 'authorized' THEN 1 END
            )
                WHEN 4 THEN 'captured'
                WHEN 3 THEN 'voided'
                WHEN 2 THEN 'failed'
                WHEN 1 THEN 'authorized'
                ELSE 'pending'
            END,
            coalesce(sum(CASE kind WHEN 'captured' THEN amount END), 0)
        FROM payment_events
        WHERE payment_id = OLD.payment_id
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_follow_events');
END;

CREATE TRIGGER payments_follow_refunds_insert BEFORE INSERT ON payments
WHEN NEW.refunded_amount <> 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_follow_refunds');
END;

-- No client can meet this either: every refund was counted in its own statement.
CREATE TRIGGER payments_follow_refunds_update BEFORE UPDATE OF refunded_amount ON payments
WHEN NEW.refunded_amount <> OLD.refunded_amount
    AND NEW.refunded_amount <> (
        SELECT coalesce(sum(amount), 0) FROM refunds WHERE payment_id = OLD.payment_id AND status <> 'failed'
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_follow_refunds');
END;

-- Money that was taken weighs more than a void, a void more than a failure, and any of them more than a promise.
CREATE TRIGGER payment_events_apply AFTER INSERT ON payment_events
WHEN NEW.kind IN ('authorized', 'captured', 'voided', 'failed')
BEGIN
    -- Refused here: a conflict clause of the statement would go round the CHECK.
    SELECT RAISE(ABORT, 'lumia:payments_captured_within')
    FROM payments
    WHERE payment_id = NEW.payment_id
        AND NEW.kind = 'captured'
        AND captured_amount + NEW.amount > amount;
    UPDATE payments
    SET
        captured_amount = captured_amount + CASE NEW.kind WHEN 'captured' THEN NEW.amount ELSE 0 END,
        status = CASE
            WHEN NEW.kind = 'captured' OR status = 'captured' THEN 'captured'
            WHEN NEW.kind = 'voided' OR status = 'voided' THEN 'voided'
            WHEN NEW.kind = 'failed' OR status = 'failed' THEN 'failed'
            ELSE 'authorized'
        END,
        updated_at = max(updated_at, NEW.created_at)
    WHERE payment_id = NEW.payment_id;
END;

-- Only the instant at which a waiting event took effect is added, once.
CREATE TRIGGER payment_events_append_only_update BEFORE UPDATE ON payment_events
WHEN (
    OLD.payment_event_id, OLD.payment_id, OLD.provider, OLD.provider_event_id, OLD.kind, OLD.amount,
    OLD.refund_reference, OLD.payload, OLD.occurred_at, OLD.created_at
) IS NOT (
    NEW.payment_event_id, NEW.payment_id, NEW.provider, NEW.provider_event_id, NEW.kind, NEW.amount,
    NEW.refund_reference, NEW.payload, NEW.occurred_at, NEW.created_at
)
    OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS NOT OLD.applied_at)
BEGIN
    SELECT RAISE(ABORT, 'lumia:payment_events_append_only');
END;

CREATE TRIGGER payment_events_append_only_delete BEFORE DELETE ON payment_events
BEGIN
    SELECT RAISE(ABORT, 'lumia:payment_events_append_only');
END;

CREATE TRIGGER payment_events_append_only_replace BEFORE INSERT ON payment_events
BEGIN
    SELECT RAISE(ABORT, 'lumia:payment_events_pkey')
    FROM payment_events
    WHERE payment_event_id = NEW.payment_event_id;
    SELECT RAISE(ABORT, 'lumia:payment_events_provider_event_key')
    FROM payment_events
    WHERE provider = NEW.provider
        AND provider_event_id = NEW.provider_event_id;
END;
