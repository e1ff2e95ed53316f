-- Imports, orders, their items, allocations and life cycle, and idempotency keys.

-- One row per file that was imported: the same content is imported once.
CREATE TABLE imports (
    import_id INTEGER NOT NULL,
    -- What was imported: order_lines.
    kind TEXT NOT NULL,
    preset TEXT NOT NULL,
    content_sha256 BLOB NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_imported INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    imported_at TEXT NOT NULL,
    CONSTRAINT imports_pkey PRIMARY KEY (import_id AUTOINCREMENT),
    CONSTRAINT imports_content_key UNIQUE (kind, content_sha256),
    -- Types first, as on PostgreSQL.
    CONSTRAINT imports_imported_at_type CHECK (
        imported_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND imported_at BETWEEN '1970' AND '9999'
        AND imported_at IS date(substr(imported_at, 1, 19), '+0 days') || substr(imported_at, 11)
    ),
    CONSTRAINT imports_kind_length CHECK (kind <> '' AND substr(kind, 1, 64) = kind),
    CONSTRAINT imports_preset_length CHECK (preset <> '' AND substr(preset, 1, 64) = preset),
    CONSTRAINT imports_content_sha256_length CHECK (length(content_sha256) = 32),
    CONSTRAINT imports_rows_add_up CHECK (
        rows_imported >= 0 AND rows_rejected >= 0 AND rows_read = rows_imported + rows_rejected
    )
) STRICT;

CREATE TABLE orders (
    order_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    -- Unique, gaps allowed: a locked counter row would make every checkout wait for the one before.
    order_number INTEGER NOT NULL,
    -- Without gaps, given later in batches to paid orders.
    invoice_number INTEGER,
    origin TEXT NOT NULL,
    import_id INTEGER,
    -- The order's number in the system that an import came from.
    external_reference TEXT,
    customer_id INTEGER NOT NULL,
    cart_id INTEGER,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    payment_status TEXT NOT NULL,
    fulfillment_status TEXT NOT NULL,
    -- Who made the step to the present status, why and when: the history's trigger copies them.
    status_actor TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    status_at TEXT NOT NULL,
    subtotal INTEGER NOT NULL,
    discount_total INTEGER NOT NULL,
    shipping_total INTEGER NOT NULL,
    -- Tax on top of the prices; zero where the prices include it.
    tax_total INTEGER NOT NULL,
    -- Tax that the prices contain, for the invoice; no part of the sum.
    tax_included_total INTEGER NOT NULL,
    total INTEGER NOT NULL,
    shipping_method_id INTEGER,
    shipping_method_code TEXT,
    shipping_address_id INTEGER NOT NULL,
    billing_address_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    placed_at TEXT NOT NULL,
    -- When an unpaid order may be cancelled; NULL once it cannot expire.
    expires_at TEXT,
    -- When it was first paid in full: invoices are numbered in this order.
    paid_at TEXT,
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (order_id AUTOINCREMENT),
    CONSTRAINT orders_public_id_key UNIQUE (public_id),
    CONSTRAINT orders_order_number_key UNIQUE (order_number),
    -- The parent key of order items (an item's customer is its order's), and the index of a customer's orders, of both
    -- address keys and of the customer key: each further index would make every checkout slower.
    CONSTRAINT orders_owner_key UNIQUE (customer_id, order_id),
    CONSTRAINT orders_import_id_fkey FOREIGN KEY (import_id)
    REFERENCES imports (import_id) ON DELETE RESTRICT,
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE RESTRICT,
    CONSTRAINT orders_cart_id_fkey FOREIGN KEY (cart_id)
    REFERENCES carts (cart_id) ON DELETE RESTRICT,
    CONSTRAINT orders_shipping_method_id_fkey FOREIGN KEY (shipping_method_id)
    REFERENCES shipping_methods (shipping_method_id) ON DELETE RESTRICT,
    CONSTRAINT orders_shipping_address_id_fkey FOREIGN KEY (customer_id, shipping_address_id)
    REFERENCES addresses (customer_id, address_id) ON DELETE RESTRICT,
    CONSTRAINT orders_billing_address_id_fkey FOREIGN KEY (customer_id, billing_address_id)
    REFERENCES addresses (customer_id, address_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT orders_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT orders_origin_type CHECK (origin IN ('live', 'imported')),
    CONSTRAINT orders_status_type CHECK (
        status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    ),
    CONSTRAINT orders_payment_status_type CHECK (
        payment_status IN ('none', 'authorized', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'voided')
    ),
    CONSTRAINT orders_fulfillment_status_type CHECK (
        fulfillment_status IN ('unfulfilled', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered')
    ),
    CONSTRAINT orders_status_at_type CHECK (
        status_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND status_at BETWEEN '1970' AND '9999'
        AND status_at IS date(substr(status_at, 1, 19), '+0 days') || substr(status_at, 11)
    ),
    CONSTRAINT orders_subtotal_type CHECK (subtotal BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_discount_total_type CHECK (discount_total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_shipping_total_type CHECK (shipping_total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_tax_total_type CHECK (tax_total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_tax_included_total_type CHECK (tax_included_total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_total_type CHECK (total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT orders_placed_at_type CHECK (
        placed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND placed_at BETWEEN '1970' AND '9999'
        AND placed_at IS date(substr(placed_at, 1, 19), '+0 days') || substr(placed_at, 11)
    ),
    CONSTRAINT orders_expires_at_type CHECK (
        expires_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND expires_at BETWEEN '1970' AND '9999'
        AND expires_at IS date(substr(expires_at, 1, 19), '+0 days') || substr(expires_at, 11)
    ),
    CONSTRAINT orders_paid_at_type CHECK (
        paid_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND paid_at BETWEEN '1970' AND '9999'
        AND paid_at IS date(substr(paid_at, 1, 19), '+0 days') || substr(paid_at, 11)
    ),
    CONSTRAINT orders_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT orders_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT orders_order_number_range CHECK (order_number > 0),
    CONSTRAINT orders_invoice_number_range CHECK (invoice_number > 0),
    CONSTRAINT orders_invoice_paid CHECK (invoice_number IS NULL OR paid_at IS NOT NULL),
    CONSTRAINT orders_external_reference_length CHECK (
        external_reference <> '' AND substr(external_reference, 1, 100) = external_reference
    ),
    CONSTRAINT orders_status_actor_length CHECK (status_actor <> '' AND substr(status_actor, 1, 100) = status_actor),
    CONSTRAINT orders_status_reason_length CHECK (substr(status_reason, 1, 500) = status_reason),
    CONSTRAINT orders_currency_code CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND substr(currency, 1, 3) = currency),
    CONSTRAINT orders_shipping_method_code_length CHECK (
        shipping_method_code <> '' AND substr(shipping_method_code, 1, 64) = shipping_method_code
    ),
    CONSTRAINT orders_email_length CHECK (length(email) >= 3 AND substr(email, 1, 254) = email),
    CONSTRAINT orders_parts_not_negative CHECK (
        subtotal >= 0 AND discount_total >= 0 AND shipping_total >= 0 AND tax_total >= 0
        AND tax_included_total >= 0 AND discount_total <= subtotal
    ),
    CONSTRAINT orders_total_sum CHECK (total = subtotal - discount_total + shipping_total + tax_total),
    CONSTRAINT orders_origin_import CHECK ((origin = 'imported') = (import_id IS NOT NULL)),
    CONSTRAINT orders_origin_cart CHECK (origin = 'imported' OR cart_id IS NOT NULL),
    CONSTRAINT orders_expiry_pending CHECK (expires_at IS NULL OR expires_at > placed_at),
    CONSTRAINT orders_version_range CHECK (version >= 0)
) STRICT;

-- Partial: a checkout writes no entry for what it leaves empty, and an import none for carts.
CREATE UNIQUE INDEX orders_invoice_number_key ON orders (invoice_number) WHERE invoice_number IS NOT NULL;
CREATE UNIQUE INDEX orders_cart_id_key ON orders (cart_id) WHERE cart_id IS NOT NULL;
CREATE UNIQUE INDEX orders_external_reference_key ON orders (import_id, external_reference)
WHERE import_id IS NOT NULL;
CREATE INDEX orders_shipping_method_id_idx ON orders (shipping_method_id) WHERE shipping_method_id IS NOT NULL;

CREATE TABLE order_items (
    order_item_id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    variant_id INTEGER NOT NULL,
    -- The bundle that the line was sold in, as one of its parts.
    bundle_id INTEGER,
    -- Where the line stands in its order, from 1 on.
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    category_name TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    -- unit_price times quantity, rounded once to the minor unit for a live order, exact for an imported one; for a
    -- part of a bundle its share of the bundle's price, whatever it costs by itself.
    amount INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    tax_rate INTEGER NOT NULL,
    tax_reason TEXT NOT NULL,
    tax INTEGER NOT NULL,
    tax_included INTEGER NOT NULL,
    line_total INTEGER NOT NULL,
    -- What each unit has of line_total: the first odd_units have odd_share more. NULL for an imported line, of which no
    -- unit is ever given back here.
    unit_share INTEGER,
    odd_units INTEGER NOT NULL DEFAULT 0,
    odd_share INTEGER NOT NULL DEFAULT 0,
    cancelled_quantity INTEGER NOT NULL DEFAULT 0,
    shipped_quantity INTEGER NOT NULL DEFAULT 0,
    returned_quantity INTEGER NOT NULL DEFAULT 0,
    sold_at TEXT NOT NULL,
    CONSTRAINT order_items_pkey PRIMARY KEY (order_item_id AUTOINCREMENT),
    CONSTRAINT order_items_position_key UNIQUE (order_id, position),
    -- The parent key of reviews: who bought which product is a key of theirs. New lines go to its end.
    CONSTRAINT order_items_purchase_key UNIQUE (order_item_id, product_id, customer_id),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id, customer_id)
    REFERENCES orders (order_id, customer_id) ON DELETE RESTRICT,
    CONSTRAINT order_items_variant_id_fkey FOREIGN KEY (variant_id, product_id)
    REFERENCES product_variants (variant_id, product_id) ON DELETE RESTRICT,
    CONSTRAINT order_items_bundle_id_fkey FOREIGN KEY (bundle_id)
    REFERENCES bundles (bundle_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT order_items_unit_price_type CHECK (unit_price BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_discount_type CHECK (discount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_tax_rate_type CHECK (tax_rate BETWEEN 0 AND 1000000),
    CONSTRAINT order_items_tax_type CHECK (tax BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_tax_included_type CHECK (tax_included BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_line_total_type CHECK (line_total BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_unit_share_type CHECK (unit_share BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_odd_share_type CHECK (odd_share BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT order_items_sold_at_type CHECK (
        sold_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND sold_at BETWEEN '1970' AND '9999'
        AND sold_at IS date(substr(sold_at, 1, 19), '+0 days') || substr(sold_at, 11)
    ),
    CONSTRAINT order_items_position_range CHECK (position BETWEEN 1 AND 1000000),
    CONSTRAINT order_items_sku_length CHECK (sku <> '' AND substr(sku, 1, 64) = sku),
    CONSTRAINT order_items_name_length CHECK (substr(name, 1, 200) = name),
    CONSTRAINT order_items_category_name_length CHECK (substr(category_name, 1, 200) = category_name),
    CONSTRAINT order_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT order_items_tax_reason_length CHECK (substr(tax_reason, 1, 200) = tax_reason),
    CONSTRAINT order_items_amounts_range CHECK (
        unit_price >= 0 AND amount >= 0 AND discount BETWEEN 0 AND amount AND tax >= 0 AND tax_included >= 0
    ),
    CONSTRAINT order_items_amount_near_price CHECK (
        bundle_id IS NOT NULL OR amount - quantity * unit_price BETWEEN -5000 AND 5000
    ),
    CONSTRAINT order_items_line_total_sum CHECK (line_total = amount - discount + tax),
    CONSTRAINT order_items_shares_sum CHECK (line_total = quantity * unit_share + odd_units * odd_share),
    CONSTRAINT order_items_odd_units_range CHECK (odd_units = 0 OR (odd_units > 0 AND odd_units < quantity)),
    -- One way to write it down: without odd units there is no odd share, and without shares there are none of both.
    CONSTRAINT order_items_shares_whole CHECK (
        odd_share >= 0 AND (odd_units > 0) = (odd_share > 0)
        AND CASE WHEN unit_share IS NULL THEN odd_units = 0 ELSE unit_share >= 0 END
    ),
    CONSTRAINT order_items_quantities_fit CHECK (
        cancelled_quantity >= 0 AND returned_quantity >= 0 AND returned_quantity <= shipped_quantity
        AND shipped_quantity <= quantity - cancelled_quantity
    )
) STRICT;

-- For the variant's key and for what sold how often. The order's key is served by order_items_position_key.
CREATE INDEX order_items_variant_id_idx ON order_items (variant_id);
CREATE INDEX order_items_bundle_id_idx ON order_items (bundle_id) WHERE bundle_id IS NOT NULL;

CREATE TABLE order_allocations (
    order_item_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    -- What was given back to the stock, and what has left: neither is waited for any more.
    released_quantity INTEGER NOT NULL DEFAULT 0,
    shipped_quantity INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT order_allocations_pkey PRIMARY KEY (order_item_id, location_id),
    CONSTRAINT order_allocations_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    CONSTRAINT order_allocations_location_id_fkey FOREIGN KEY (location_id)
    REFERENCES locations (location_id) ON DELETE RESTRICT,
    CONSTRAINT order_allocations_quantity_range CHECK (quantity BETWEEN 0 AND 1000000),
    CONSTRAINT order_allocations_settled_fits CHECK (
        released_quantity >= 0 AND shipped_quantity >= 0 AND released_quantity + shipped_quantity <= quantity
    )
) STRICT, WITHOUT ROWID;

CREATE INDEX order_allocations_location_id_idx ON order_allocations (location_id);

CREATE TABLE order_status_transitions (
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    CONSTRAINT order_status_transitions_pkey PRIMARY KEY (from_status, to_status),
    -- Types first, as on PostgreSQL.
    CONSTRAINT order_status_transitions_from_status_type CHECK (
        from_status IN ('new', 'pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    ),
    CONSTRAINT order_status_transitions_to_status_type CHECK (
        to_status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    )
) STRICT, WITHOUT ROWID;

INSERT INTO order_status_transitions (from_status, to_status)
VALUES
-- Placed. A free order is placed too, and paid at once by a step of its own.
('new', 'pending'),
-- Captured at least the total.
('pending', 'paid'),
-- By hand or by expiry, with nothing captured.
('pending', 'cancelled'),
-- No unit shipped; the refund of the captured sum is recorded beside it.
('paid', 'cancelled'),
-- Whole or in part. What shipped can be returned but no longer cancelled as a whole.
('paid', 'shipped'),
('shipped', 'delivered'),
-- Everything captured was given back. Nothing leads out of cancelled and refunded.
('paid', 'refunded'),
('shipped', 'refunded'),
('delivered', 'refunded');

CREATE TABLE order_status_history (
    order_status_history_id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    CONSTRAINT order_status_history_pkey PRIMARY KEY (order_status_history_id AUTOINCREMENT),
    -- Types first, as on PostgreSQL.
    CONSTRAINT order_status_history_from_status_type CHECK (
        from_status IN ('new', 'pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    ),
    CONSTRAINT order_status_history_to_status_type CHECK (
        to_status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    ),
    CONSTRAINT order_status_history_changed_at_type CHECK (
        changed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND changed_at BETWEEN '1970' AND '9999'
        AND changed_at IS date(substr(changed_at, 1, 19), '+0 days') || substr(changed_at, 11)
    ),
    CONSTRAINT order_status_history_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT order_status_history_reason_length CHECK (substr(reason, 1, 500) = reason),
    CONSTRAINT order_status_history_order_id_fkey FOREIGN KEY (order_id)
    REFERENCES orders (order_id) ON DELETE RESTRICT,
    CONSTRAINT order_status_history_transition_fkey FOREIGN KEY (from_status, to_status)
    REFERENCES order_status_transitions (from_status, to_status) ON DELETE RESTRICT
) STRICT;

CREATE INDEX order_status_history_order_id_idx ON order_status_history (order_id);

-- Claimed first, in the transaction of what it protects; a repeated call reads the answer here.
CREATE TABLE idempotency_keys (
    idempotency_key_id INTEGER NOT NULL,
    operation TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    -- The id of what the operation made; NULL only inside the transaction that claims the key.
    result_id INTEGER,
    created_at TEXT NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (idempotency_key_id AUTOINCREMENT),
    CONSTRAINT idempotency_keys_key UNIQUE (operation, scope, key),
    -- Types first, as on PostgreSQL.
    CONSTRAINT idempotency_keys_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT idempotency_keys_operation_length CHECK (operation <> '' AND substr(operation, 1, 64) = operation),
    CONSTRAINT idempotency_keys_scope_length CHECK (scope <> '' AND substr(scope, 1, 100) = scope),
    CONSTRAINT idempotency_keys_key_length CHECK (key <> '' AND substr(key, 1, 255) = key),
    CONSTRAINT idempotency_keys_request_hash_length CHECK (length(request_hash) = 32)
) STRICT;
