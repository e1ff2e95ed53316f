-- name: get_lowest_price(variant_id, since)$
-- The lowest price since an instant; what held when the window opened counts.
--
-- @param variant_id: int
-- @param since: timestamp
-- @returns: money?
SELECT min(price)
FROM price_history
WHERE variant_id = :variant_id
    AND valid_from >= coalesce(
        (
            SELECT max(h.valid_from)
            FROM price_history AS h
            WHERE h.variant_id = :variant_id
                AND h.valid_from <= :since
        ),
        :since
    );

-- name: list_price_periods(variant_id, before, max_rows)
-- One page of a variant's prices and when they held, newest first.
--
-- @param variant_id: int
-- @param before: timestamp
-- @param max_rows: int
-- @returns: PricePeriod
SELECT
    variant_id,
    price,
    valid_from,
    valid_to
FROM price_periods
WHERE variant_id = :variant_id
    AND valid_from < :before
ORDER BY valid_from DESC
LIMIT :max_rows;
