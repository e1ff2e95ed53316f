-- Coupons, what they apply to, and who used them on which order.

CREATE TABLE coupons (
    coupon_id INTEGER NOT NULL,
    -- As the shop writes it; `code_key` is what two spellings of it share.
    code TEXT NOT NULL,
    code_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Percent points for the percent kinds and for what buy_x_get_y takes off, else an amount; zero where it says
    -- nothing.
    value INTEGER NOT NULL,
    cap INTEGER,
    buy_quantity INTEGER,
    get_quantity INTEGER,
    -- What the lines that it applies to must come to before any discount.
    minimum INTEGER,
    currency TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    -- The first instant at which it does not apply any more; NULL: no end.
    valid_to TEXT,
    usage_limit INTEGER,
    per_customer_limit INTEGER,
    budget INTEGER,
    -- The classes of coupons that it may stand beside, if they say so of it too.
    combines_with TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    -- Counted by the triggers of redemptions: those that were not freed, and what they took off.
    used_count INTEGER NOT NULL DEFAULT 0,
    spent INTEGER NOT NULL DEFAULT 0,
    -- The redemption that was counted last: a change of the counters must name the row that it comes from.
    last_redemption_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT coupons_pkey PRIMARY KEY (coupon_id AUTOINCREMENT),
    CONSTRAINT coupons_code_key_key UNIQUE (code_key),
    -- Types first, as on PostgreSQL.
    CONSTRAINT coupons_kind_type CHECK (
        kind IN ('percent', 'percent_capped', 'fixed_order', 'fixed_unit', 'free_shipping', 'buy_x_get_y', 'tiered')
    ),
    CONSTRAINT coupons_value_type CHECK (value BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupons_cap_type CHECK (cap BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupons_minimum_type CHECK (minimum BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupons_valid_from_type CHECK (
        valid_from GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND valid_from BETWEEN '1970' AND '9999'
        AND valid_from IS date(substr(valid_from, 1, 19), '+0 days') || substr(valid_from, 11)
    ),
    CONSTRAINT coupons_valid_to_type CHECK (
        valid_to GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND valid_to BETWEEN '1970' AND '9999'
        AND valid_to IS date(substr(valid_to, 1, 19), '+0 days') || substr(valid_to, 11)
    ),
    CONSTRAINT coupons_budget_type CHECK (budget BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupons_combines_with_type CHECK (json_valid(combines_with) AND json_type(combines_with) = 'array'),
    CONSTRAINT coupons_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT coupons_spent_type CHECK (spent BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupons_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT coupons_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT coupons_code_length CHECK (code <> '' AND substr(code, 1, 64) = code),
    -- Folding can make a text three times as long.
    CONSTRAINT coupons_code_key_length CHECK (code_key <> '' AND substr(code_key, 1, 200) = code_key),
    CONSTRAINT coupons_currency_code CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND substr(currency, 1, 3) = currency),
    -- Each class once, in the order of the alphabet.
    CONSTRAINT coupons_combines_with_form CHECK (
        combines_with IN (
            '[]',
            '["order"]',
            '["order","product"]',
            '["order","product","shipping"]',
            '["order","shipping"]',
            '["product"]',
            '["product","shipping"]',
            '["shipping"]'
        )
    ),
    CONSTRAINT coupons_value_fits_kind CHECK (
        CASE
            WHEN kind IN ('percent', 'percent_capped', 'buy_x_get_y') THEN value > 0 AND value <= 1000000
            WHEN kind IN ('fixed_order', 'fixed_unit') THEN value > 0
            ELSE value = 0
        END
    ),
    CONSTRAINT coupons_cap_fits_kind CHECK ((kind = 'percent_capped') = (cap IS NOT NULL)),
    CONSTRAINT coupons_cap_range CHECK (cap > 0),
    CONSTRAINT coupons_quantities_fit_kind CHECK (
        (kind = 'buy_x_get_y') = (buy_quantity IS NOT NULL) AND (kind = 'buy_x_get_y') = (get_quantity IS NOT NULL)
    ),
    CONSTRAINT coupons_buy_quantity_range CHECK (buy_quantity BETWEEN 1 AND 1000000),
    CONSTRAINT coupons_get_quantity_range CHECK (get_quantity BETWEEN 1 AND 1000000),
    CONSTRAINT coupons_minimum_range CHECK (minimum >= 0),
    CONSTRAINT coupons_window CHECK (valid_to > valid_from),
    CONSTRAINT coupons_usage_limit_range CHECK (usage_limit BETWEEN 1 AND 1000000000),
    CONSTRAINT coupons_per_customer_limit_range CHECK (per_customer_limit BETWEEN 1 AND 1000000000),
    CONSTRAINT coupons_budget_range CHECK (budget > 0),
    CONSTRAINT coupons_used_count_range CHECK (used_count >= 0),
    CONSTRAINT coupons_spent_range CHECK (spent >= 0),
    CONSTRAINT coupons_used_within_limit CHECK (used_count <= usage_limit),
    CONSTRAINT coupons_spent_within_budget CHECK (spent <= budget)
) STRICT;

-- A redemption is no change of the coupon.
CREATE TRIGGER coupons_touch AFTER UPDATE ON coupons
WHEN NEW.updated_at = OLD.updated_at AND NEW.used_count = OLD.used_count
BEGIN
    UPDATE coupons
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE coupon_id = NEW.coupon_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- What was promised stays: another offer is another coupon. Its window and its limits may be moved, and it may be
-- disabled.
CREATE TRIGGER coupons_frozen BEFORE UPDATE OF
coupon_id, code, code_key, kind, value, cap, buy_quantity, get_quantity,
minimum, currency, combines_with, created_at ON coupons
WHEN (
    OLD.coupon_id, OLD.code, OLD.code_key, OLD.kind, OLD.value, OLD.cap, OLD.buy_quantity,
    OLD.get_quantity, OLD.minimum, OLD.currency, OLD.combines_with, OLD.created_at
) IS NOT (
    NEW.coupon_id, NEW.code, NEW.code_key, NEW.kind, NEW.value, NEW.cap, NEW.buy_quantity,
    NEW.get_quantity, NEW.minimum, NEW.currency, NEW.combines_with, NEW.created_at
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupons_frozen');
END;

-- The redemptions' triggers alone count.
CREATE TRIGGER coupons_counted_insert BEFORE INSERT ON coupons
WHEN NEW.used_count <> 0 OR NEW.spent <> 0 OR NEW.last_redemption_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupons_counted');
END;

-- A redemption with a later number than the last one and with this very amount is the one being written: every earlier
-- one was counted when it was written. One less is what is left to count after one was freed. No client can meet this.
CREATE TRIGGER coupons_counted_update BEFORE UPDATE OF used_count, spent, last_redemption_id ON coupons
WHEN (OLD.used_count, OLD.spent, OLD.last_redemption_id)
    IS NOT (NEW.used_count, NEW.spent, NEW.last_redemption_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupons_counted')
    WHERE (
        NEW.used_count = OLD.used_count + 1
        AND NEW.last_redemption_id > coalesce(OLD.last_redemption_id, 0)
        AND EXISTS (
            SELECT 1
            FROM coupon_redemptions
            WHERE coupon_redemption_id = NEW.last_redemption_id
                AND coupon_id = NEW.coupon_id
                AND amount = NEW.spent - OLD.spent
                AND freed_at IS NULL
        )
    ) IS NOT TRUE
        AND (
            NEW.used_count = OLD.used_count - 1
            AND NEW.last_redemption_id = OLD.last_redemption_id
            AND (NEW.used_count, NEW.spent) = (
                SELECT count(*), coalesce(sum(amount), 0)
                FROM coupon_redemptions
                WHERE coupon_id = NEW.coupon_id
                    AND freed_at IS NULL
            )
        ) IS NOT TRUE;
END;

-- From which sum on a tiered coupon takes how many percent off.
CREATE TABLE coupon_tiers (
    coupon_id INTEGER NOT NULL,
    minimum INTEGER NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT coupon_tiers_pkey PRIMARY KEY (coupon_id, minimum),
    CONSTRAINT coupon_tiers_coupon_id_fkey FOREIGN KEY (coupon_id)
    REFERENCES coupons (coupon_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT coupon_tiers_minimum_type CHECK (minimum BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupon_tiers_value_type CHECK (value BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupon_tiers_minimum_range CHECK (minimum >= 0),
    CONSTRAINT coupon_tiers_value_range CHECK (value > 0 AND value <= 1000000)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER coupon_tiers_kind BEFORE INSERT ON coupon_tiers
WHEN EXISTS (SELECT 1 FROM coupons WHERE coupon_id = NEW.coupon_id AND kind <> 'tiered')
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_tiers_kind');
END;

CREATE TRIGGER coupon_tiers_frozen BEFORE UPDATE ON coupon_tiers
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_tiers_frozen');
END;

-- What a coupon applies to: to everything if nothing is included, and never to what is excluded.
CREATE TABLE coupon_targets (
    coupon_target_id INTEGER NOT NULL,
    coupon_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    product_id INTEGER,
    variant_id INTEGER,
    -- With every category below it.
    category_id INTEGER,
    CONSTRAINT coupon_targets_pkey PRIMARY KEY (coupon_target_id AUTOINCREMENT),
    CONSTRAINT coupon_targets_coupon_id_fkey FOREIGN KEY (coupon_id)
    REFERENCES coupons (coupon_id) ON DELETE CASCADE,
    -- A coupon without its last include would apply to everything: what it names cannot go.
    CONSTRAINT coupon_targets_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE RESTRICT,
    CONSTRAINT coupon_targets_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE RESTRICT,
    CONSTRAINT coupon_targets_category_id_fkey FOREIGN KEY (category_id)
    REFERENCES categories (category_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT coupon_targets_kind_type CHECK (kind IN ('include', 'exclude')),
    CONSTRAINT coupon_targets_one_thing CHECK (
        (product_id IS NOT NULL) + (variant_id IS NOT NULL) + (category_id IS NOT NULL) = 1
    )
) STRICT;

-- Each the index of its key too.
CREATE UNIQUE INDEX coupon_targets_product_key ON coupon_targets (product_id, coupon_id) WHERE product_id IS NOT NULL;
CREATE UNIQUE INDEX coupon_targets_variant_key ON coupon_targets (variant_id, coupon_id) WHERE variant_id IS NOT NULL;
CREATE UNIQUE INDEX coupon_targets_category_key ON coupon_targets (category_id, coupon_id)
WHERE category_id IS NOT NULL;
CREATE INDEX coupon_targets_coupon_id_idx ON coupon_targets (coupon_id);

CREATE TRIGGER coupon_targets_frozen BEFORE UPDATE ON coupon_targets
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_targets_frozen');
END;

CREATE TABLE coupon_redemptions (
    coupon_redemption_id INTEGER NOT NULL,
    coupon_id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    -- The address that ordered, as customers are told apart by it; NULL once its owner was erased.
    email_key TEXT,
    -- All that it took off, and the part of it that was taken off the shipping.
    amount INTEGER NOT NULL,
    shipping_amount INTEGER NOT NULL,
    redeemed_at TEXT NOT NULL,
    -- When the order gave it back; NULL while it counts.
    freed_at TEXT,
    CONSTRAINT coupon_redemptions_pkey PRIMARY KEY (coupon_redemption_id AUTOINCREMENT),
    -- A page of a coupon's redemptions too: of one coupon, later orders were placed later.
    CONSTRAINT coupon_redemptions_order_key UNIQUE (coupon_id, order_id),
    CONSTRAINT coupon_redemptions_coupon_id_fkey FOREIGN KEY (coupon_id)
    REFERENCES coupons (coupon_id) ON DELETE RESTRICT,
    -- Who used it is whose order it is.
    CONSTRAINT coupon_redemptions_order_id_fkey FOREIGN KEY (order_id, customer_id)
    REFERENCES orders (order_id, customer_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT coupon_redemptions_amount_type CHECK (amount BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT coupon_redemptions_shipping_amount_type CHECK (
        shipping_amount BETWEEN -999999999999999 AND 999999999999999
    ),
    CONSTRAINT coupon_redemptions_redeemed_at_type CHECK (
        redeemed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND redeemed_at BETWEEN '1970' AND '9999'
        AND redeemed_at IS date(substr(redeemed_at, 1, 19), '+0 days') || substr(redeemed_at, 11)
    ),
    CONSTRAINT coupon_redemptions_freed_at_type CHECK (
        freed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND freed_at BETWEEN '1970' AND '9999'
        AND freed_at IS date(substr(freed_at, 1, 19), '+0 days') || substr(freed_at, 11)
    ),
    CONSTRAINT coupon_redemptions_email_key_length CHECK (
        length(email_key) >= 3 AND substr(email_key, 1, 254) = email_key
    ),
    CONSTRAINT coupon_redemptions_amounts_range CHECK (amount > 0 AND shipping_amount BETWEEN 0 AND amount),
    CONSTRAINT coupon_redemptions_freed_later CHECK (freed_at >= redeemed_at)
) STRICT;

CREATE INDEX coupon_redemptions_order_id_idx ON coupon_redemptions (order_id);
-- How often a customer used it, by key or by address.
CREATE INDEX coupon_redemptions_customer_idx ON coupon_redemptions (customer_id, coupon_id) WHERE freed_at IS NULL;
CREATE INDEX coupon_redemptions_email_idx ON coupon_redemptions (email_key, coupon_id) WHERE freed_at IS NULL;

-- Freed once, and the address goes with its owner: nothing else ever changes.
CREATE TRIGGER coupon_redemptions_frozen_update BEFORE UPDATE ON coupon_redemptions
WHEN (
        OLD.coupon_redemption_id, OLD.coupon_id, OLD.order_id, OLD.customer_id,
        OLD.amount, OLD.shipping_amount, OLD.redeemed_at
    ) IS NOT (
        NEW.coupon_redemption_id, NEW.coupon_id, NEW.order_id, NEW.customer_id,
        NEW.amount, NEW.shipping_amount, NEW.redeemed_at
    )
    OR (OLD.freed_at IS NOT NULL AND NEW.freed_at IS NOT OLD.freed_at)
    OR (NEW.email_key IS NOT NULL AND NEW.email_key IS NOT OLD.email_key)
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_frozen');
END;

CREATE TRIGGER coupon_redemptions_frozen_delete BEFORE DELETE ON coupon_redemptions
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_frozen');
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER coupon_redemptions_frozen_replace BEFORE INSERT ON coupon_redemptions
BEGIN
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_pkey')
    FROM coupon_redemptions
    WHERE coupon_redemption_id = NEW.coupon_redemption_id;
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_order_key')
    FROM coupon_redemptions
    WHERE coupon_id = NEW.coupon_id
        AND order_id = NEW.order_id;
END;

CREATE TRIGGER coupon_redemptions_claim AFTER INSERT ON coupon_redemptions
WHEN NEW.freed_at IS NULL
BEGIN
    -- Refused here: a conflict clause of the statement would go round the CHECKs.
    SELECT CASE
        WHEN used_count >= usage_limit THEN RAISE(ABORT, 'lumia:coupons_used_within_limit')
        WHEN spent + NEW.amount > budget THEN RAISE(ABORT, 'lumia:coupons_spent_within_budget')
        WHEN spent + NEW.amount > 999999999999999 THEN RAISE(ABORT, 'lumia:coupons_spent_type')
    END
    FROM coupons
    WHERE coupon_id = NEW.coupon_id;
    UPDATE coupons
    SET
        used_count = used_count + 1,
        spent = spent + NEW.amount,
        last_redemption_id = NEW.coupon_redemption_id
    WHERE coupon_id = NEW.coupon_id;
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_in_force')
    FROM coupons
    WHERE coupon_id = NEW.coupon_id
        AND NOT (is_active AND NEW.redeemed_at >= valid_from AND coalesce(NEW.redeemed_at < valid_to, TRUE));
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_currency')
    FROM coupons AS c
    INNER JOIN orders AS o ON o.order_id = NEW.order_id
    WHERE c.coupon_id = NEW.coupon_id
        AND o.currency <> c.currency;
    SELECT RAISE(ABORT, 'lumia:coupon_redemptions_per_customer')
    FROM coupons
    WHERE coupon_id = NEW.coupon_id
        AND per_customer_limit < (
            SELECT count(*)
            FROM coupon_redemptions
            WHERE coupon_id = NEW.coupon_id
                AND freed_at IS NULL
                AND (customer_id = NEW.customer_id OR email_key = NEW.email_key)
        );
END;

CREATE TRIGGER coupon_redemptions_free AFTER UPDATE OF freed_at ON coupon_redemptions
WHEN OLD.freed_at IS NULL AND NEW.freed_at IS NOT NULL
BEGIN
    UPDATE coupons
    SET
        used_count = used_count - 1,
        spent = spent - OLD.amount
    WHERE coupon_id = OLD.coupon_id;
END;
