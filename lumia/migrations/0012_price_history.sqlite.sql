-- The history of the variants' prices, and the triggers that alone write it.

CREATE TABLE price_history (
    -- Its keys first: SQLite 3.40 reports a key behind another column of a table WITHOUT ROWID as damage.
    variant_id INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    price INTEGER NOT NULL,
    CONSTRAINT price_history_pkey PRIMARY KEY (variant_id, valid_from),
    CONSTRAINT price_history_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT price_history_price_type CHECK (price BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT price_history_valid_from_type CHECK (
        valid_from GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND valid_from BETWEEN '1970' AND '9999'
        AND valid_from IS date(substr(valid_from, 1, 19), '+0 days') || substr(valid_from, 11)
    ),
    CONSTRAINT price_history_price_range CHECK (price >= 0)
) STRICT, WITHOUT ROWID;

-- Each price with the instant at which the next one took over; NULL: still in force.
CREATE VIEW price_periods AS
SELECT
    variant_id,
    price,
    valid_from,
    lead(valid_from) OVER (PARTITION BY variant_id ORDER BY valid_from) AS valid_to
FROM price_history;

-- A second change in one instant, or one dated before the last, takes the last row over: the last row is the price.
CREATE TRIGGER product_variants_price_insert AFTER INSERT ON product_variants
BEGIN
    INSERT INTO price_history (variant_id, price, valid_from)
    VALUES (
        NEW.variant_id,
        NEW.price,
        max(
            NEW.created_at,
            coalesce((SELECT max(valid_from) FROM price_history WHERE variant_id = NEW.variant_id), '')
        )
    )
    ON CONFLICT (variant_id, valid_from) DO UPDATE SET price = excluded.price;
END;

CREATE TRIGGER product_variants_price_update AFTER UPDATE OF price ON product_variants
WHEN NEW.price <> OLD.price
BEGIN
    INSERT INTO price_history (variant_id, price, valid_from)
    VALUES (
        NEW.variant_id,
        NEW.price,
        max(
            CASE
                WHEN NEW.updated_at = OLD.updated_at THEN strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
                ELSE NEW.updated_at
            END,
            coalesce((SELECT max(valid_from) FROM price_history WHERE variant_id = NEW.variant_id), '')
        )
    )
    ON CONFLICT (variant_id, valid_from) DO UPDATE SET price = excluded.price;
END;

-- The variants' triggers alone write here. Once they are done the last row is the variant's price, so a row that brings
-- another one is theirs: to a client's statement the variant has no price that its history lacks.
CREATE TRIGGER price_history_follows_variant BEFORE INSERT ON price_history
WHEN NOT EXISTS (
    SELECT 1
    FROM product_variants
    WHERE variant_id = NEW.variant_id
        AND price = NEW.price
        AND price IS NOT (
            SELECT price
            FROM price_history
            WHERE variant_id = NEW.variant_id
            ORDER BY valid_from DESC
            LIMIT 1
        )
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:price_history_follows_variant');
END;

-- Only the last row may be taken over, and only by a price that it lacks.
CREATE TRIGGER price_history_append_only_update BEFORE UPDATE ON price_history
WHEN (NEW.variant_id, NEW.valid_from) IS NOT (OLD.variant_id, OLD.valid_from)
    OR NEW.price = OLD.price
    OR NEW.price IS NOT (SELECT price FROM product_variants WHERE variant_id = NEW.variant_id)
    OR EXISTS (SELECT 1 FROM price_history WHERE variant_id = OLD.variant_id AND valid_from > OLD.valid_from)
BEGIN
    SELECT RAISE(ABORT, 'lumia:price_history_append_only');
END;

-- A deleted variant takes its prices along.
CREATE TRIGGER price_history_append_only_delete BEFORE DELETE ON price_history
WHEN EXISTS (SELECT 1 FROM product_variants WHERE variant_id = OLD.variant_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:price_history_append_only');
END;
