-- How orders are found by time: by those who look for them, and by the sweeper of unpaid ones.

CREATE INDEX orders_placed_at_idx ON orders (placed_at, order_id);
-- Partial: an order leaves it as soon as it is paid or cancelled, and an imported one never enters.
CREATE INDEX orders_expires_at_idx ON orders (expires_at, order_id) WHERE expires_at IS NOT NULL;
