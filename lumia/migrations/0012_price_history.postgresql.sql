-- The history of the variants' prices, and the triggers that alone write it.

CREATE TABLE price_history (
    variant_id bigint NOT NULL,
    valid_from utc_timestamp NOT NULL,
    price money_amount NOT NULL,
    CONSTRAINT price_history_pkey PRIMARY KEY (variant_id, valid_from),
    CONSTRAINT price_history_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE CASCADE,
    CONSTRAINT price_history_price_range CHECK (price >= 0)
);

-- Each price with the instant at which the next one took over; NULL: still in force.
CREATE VIEW price_periods AS
SELECT
    variant_id,
    price,
    valid_from,
    lead(valid_from) OVER (PARTITION BY variant_id ORDER BY valid_from) AS valid_to
FROM price_history;

CREATE FUNCTION write_price_history() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    -- A second change in one instant, or one dated before the last, takes the last row over: the last row is the price.
    INSERT INTO price_history (variant_id, price, valid_from)
    VALUES (
        NEW.variant_id,
        NEW.price,
        greatest(
            CASE TG_OP WHEN 'INSERT' THEN NEW.created_at ELSE NEW.updated_at END,
            (SELECT max(valid_from) FROM price_history WHERE variant_id = NEW.variant_id)
        )
    )
    ON CONFLICT (variant_id, valid_from) DO UPDATE SET price = excluded.price;
    RETURN NULL;
END
$$;

CREATE TRIGGER product_variants_price_insert AFTER INSERT ON product_variants
FOR EACH ROW EXECUTE FUNCTION write_price_history();
CREATE TRIGGER product_variants_price_update AFTER UPDATE OF price ON product_variants
FOR EACH ROW WHEN (NEW.price <> OLD.price) EXECUTE FUNCTION write_price_history();

-- Depth 0 is a statement of a client: the variants' triggers alone write here, and their deletion alone deletes.
CREATE TRIGGER price_history_follows_variant BEFORE INSERT ON price_history
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_write('price_history_follows_variant');
CREATE TRIGGER price_history_append_only_update BEFORE UPDATE ON price_history
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_write('price_history_append_only');
CREATE TRIGGER price_history_append_only_delete BEFORE DELETE ON price_history
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_write('price_history_append_only');
CREATE TRIGGER price_history_append_only_truncate BEFORE TRUNCATE ON price_history
FOR EACH STATEMENT EXECUTE FUNCTION refuse_write('price_history_append_only');
