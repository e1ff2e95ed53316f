-- The audit log of the settings and the catalogue.

-- Money comes out of a division as it was: fifteen digits are exact in a REAL, and no amount has more.

CREATE TRIGGER shop_settings_audit_insert AFTER INSERT ON shop_settings
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shop_settings',
        CAST(NEW.shop_settings_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('currency', json_quote(NEW.currency)),
        ('prices_include_tax', iif(NEW.prices_include_tax, 'true', 'false')),
        ('time_zone', json_quote(NEW.time_zone)),
        ('order_expiry_minutes', json_quote(NEW.order_expiry_minutes))
    ) AS c;
END;

CREATE TRIGGER shop_settings_audit_update AFTER UPDATE OF
currency, prices_include_tax, time_zone, order_expiry_minutes ON shop_settings
WHEN (
    OLD.currency, OLD.prices_include_tax, OLD.time_zone, OLD.order_expiry_minutes
) IS NOT (
    NEW.currency, NEW.prices_include_tax, NEW.time_zone, NEW.order_expiry_minutes
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shop_settings',
        CAST(NEW.shop_settings_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('currency', json_quote(OLD.currency), json_quote(NEW.currency)),
        (
            'prices_include_tax',
            iif(OLD.prices_include_tax, 'true', 'false'),
            iif(NEW.prices_include_tax, 'true', 'false')
        ),
        ('time_zone', json_quote(OLD.time_zone), json_quote(NEW.time_zone)),
        ('order_expiry_minutes', json_quote(OLD.order_expiry_minutes), json_quote(NEW.order_expiry_minutes))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER shop_settings_audit_delete AFTER DELETE ON shop_settings
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shop_settings',
        CAST(OLD.shop_settings_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('currency', json_quote(OLD.currency)),
        ('prices_include_tax', iif(OLD.prices_include_tax, 'true', 'false')),
        ('time_zone', json_quote(OLD.time_zone)),
        ('order_expiry_minutes', json_quote(OLD.order_expiry_minutes))
    ) AS c;
END;

CREATE TRIGGER categories_audit_insert AFTER INSERT ON categories
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'categories',
        CAST(NEW.category_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('parent_id', json_quote(NEW.parent_id)),
        ('slug', json_quote(NEW.slug)),
        ('name', json_quote(NEW.name)),
        ('position', json_quote(NEW.position))
    ) AS c;
END;

CREATE TRIGGER categories_audit_update AFTER UPDATE OF
parent_id, slug, name, position ON categories
WHEN (
    OLD.parent_id, OLD.slug, OLD.name, OLD.position
) IS NOT (
    NEW.parent_id, NEW.slug, NEW.name, NEW.position
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'categories',
        CAST(NEW.category_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('parent_id', json_quote(OLD.parent_id), json_quote(NEW.parent_id)),
        ('slug', json_quote(OLD.slug), json_quote(NEW.slug)),
        ('name', json_quote(OLD.name), json_quote(NEW.name)),
        ('position', json_quote(OLD.position), json_quote(NEW.position))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER categories_audit_delete AFTER DELETE ON categories
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'categories',
        CAST(OLD.category_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('parent_id', json_quote(OLD.parent_id)),
        ('slug', json_quote(OLD.slug)),
        ('name', json_quote(OLD.name)),
        ('position', json_quote(OLD.position))
    ) AS c;
END;

CREATE TRIGGER products_audit_update AFTER UPDATE OF
category_id, slug, name, description, status ON products
WHEN (
    OLD.category_id, OLD.slug, OLD.name, OLD.description, OLD.status
) IS NOT (
    NEW.category_id, NEW.slug, NEW.name, NEW.description, NEW.status
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'products',
        CAST(NEW.product_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('category_id', json_quote(OLD.category_id), json_quote(NEW.category_id)),
        ('slug', json_quote(OLD.slug), json_quote(NEW.slug)),
        ('name', json_quote(OLD.name), json_quote(NEW.name)),
        ('description', json_quote(OLD.description), json_quote(NEW.description)),
        ('status', json_quote(OLD.status), json_quote(NEW.status))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER products_audit_delete AFTER DELETE ON products
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'products',
        CAST(OLD.product_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('category_id', json_quote(OLD.category_id)),
        ('slug', json_quote(OLD.slug)),
        ('name', json_quote(OLD.name)),
        ('description', json_quote(OLD.description)),
        ('status', json_quote(OLD.status))
    ) AS c;
END;

CREATE TRIGGER product_variants_audit_update AFTER UPDATE OF
product_id, sku, combination_key, price, compare_at_price, weight_grams, barcode, is_goods,
is_active ON product_variants
WHEN (
    OLD.product_id, OLD.sku, OLD.combination_key, OLD.price, OLD.compare_at_price,
    OLD.weight_grams, OLD.barcode, OLD.is_goods, OLD.is_active
) IS NOT (
    NEW.product_id, NEW.sku, NEW.combination_key, NEW.price, NEW.compare_at_price,
    NEW.weight_grams, NEW.barcode, NEW.is_goods, NEW.is_active
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'product_variants',
        CAST(NEW.variant_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('product_id', json_quote(OLD.product_id), json_quote(NEW.product_id)),
        ('sku', json_quote(OLD.sku), json_quote(NEW.sku)),
        ('combination_key', json_quote(OLD.combination_key), json_quote(NEW.combination_key)),
        (
            'price',
            coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.price / 10000.0, '0'), '.'), 'null')
        ),
        (
            'compare_at_price',
            coalesce(rtrim(rtrim(OLD.compare_at_price / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.compare_at_price / 10000.0, '0'), '.'), 'null')
        ),
        ('weight_grams', json_quote(OLD.weight_grams), json_quote(NEW.weight_grams)),
        ('barcode', json_quote(OLD.barcode), json_quote(NEW.barcode)),
        ('is_goods', iif(OLD.is_goods, 'true', 'false'), iif(NEW.is_goods, 'true', 'false')),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER product_variants_audit_delete AFTER DELETE ON product_variants
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'product_variants',
        CAST(OLD.variant_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('product_id', json_quote(OLD.product_id)),
        ('sku', json_quote(OLD.sku)),
        ('combination_key', json_quote(OLD.combination_key)),
        ('price', coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null')),
        ('compare_at_price', coalesce(rtrim(rtrim(OLD.compare_at_price / 10000.0, '0'), '.'), 'null')),
        ('weight_grams', json_quote(OLD.weight_grams)),
        ('barcode', json_quote(OLD.barcode)),
        ('is_goods', iif(OLD.is_goods, 'true', 'false')),
        ('is_active', iif(OLD.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER bundles_audit_insert AFTER INSERT ON bundles
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'bundles',
        CAST(NEW.bundle_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('sku', json_quote(NEW.sku)),
        ('slug', json_quote(NEW.slug)),
        ('name', json_quote(NEW.name)),
        ('price', coalesce(rtrim(rtrim(NEW.price / 10000.0, '0'), '.'), 'null')),
        ('is_active', iif(NEW.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER bundles_audit_update AFTER UPDATE OF
sku, slug, name, price, is_active ON bundles
WHEN (
    OLD.sku, OLD.slug, OLD.name, OLD.price, OLD.is_active
) IS NOT (
    NEW.sku, NEW.slug, NEW.name, NEW.price, NEW.is_active
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'bundles',
        CAST(NEW.bundle_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('sku', json_quote(OLD.sku), json_quote(NEW.sku)),
        ('slug', json_quote(OLD.slug), json_quote(NEW.slug)),
        ('name', json_quote(OLD.name), json_quote(NEW.name)),
        (
            'price',
            coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.price / 10000.0, '0'), '.'), 'null')
        ),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER bundles_audit_delete AFTER DELETE ON bundles
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'bundles',
        CAST(OLD.bundle_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('sku', json_quote(OLD.sku)),
        ('slug', json_quote(OLD.slug)),
        ('name', json_quote(OLD.name)),
        ('price', coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null')),
        ('is_active', iif(OLD.is_active, 'true', 'false'))
    ) AS c;
END;
