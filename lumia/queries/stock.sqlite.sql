-- name: list_available(variant_ids, now)
-- What of each variant can be sold now; a key that is no variant gives no row.
--
-- @differs: the list of keys is a JSON array; there are no arrays.
-- @param variant_ids: int[]
-- @param now: timestamp
-- @returns: Availability
SELECT
    v.variant_id,
    (
        SELECT CAST(
            coalesce(
                sum(
                    s.available - (
                        SELECT coalesce(sum(r.quantity), 0)
                        FROM reservations AS r
                        WHERE r.variant_id = s.variant_id
                            AND r.location_id = s.location_id
                            AND r.expires_at > :now
                    )
                ),
                0
            ) AS bigint
        )
        FROM sellable_stock AS s
        WHERE s.variant_id = v.variant_id
    ) AS available
FROM product_variants AS v
WHERE v.variant_id IN (SELECT j.value FROM json_each(:variant_ids) AS j)
ORDER BY v.variant_id;
