-- The audit log of what decides how things are sold: delivery, taxes, places and coupons.

-- Money comes out of a division as it was: fifteen digits are exact in a REAL, and no amount has more.

CREATE TRIGGER shipping_methods_audit_insert AFTER INSERT ON shipping_methods
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shipping_methods',
        CAST(NEW.shipping_method_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('code', json_quote(NEW.code)),
        ('name', json_quote(NEW.name)),
        ('price', coalesce(rtrim(rtrim(NEW.price / 10000.0, '0'), '.'), 'null')),
        ('free_from', coalesce(rtrim(rtrim(NEW.free_from / 10000.0, '0'), '.'), 'null')),
        ('countries', json(NEW.countries)),
        ('is_active', iif(NEW.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER shipping_methods_audit_update AFTER UPDATE OF
code, name, price, free_from, countries, is_active ON shipping_methods
WHEN (
    OLD.code, OLD.name, OLD.price, OLD.free_from, OLD.countries, OLD.is_active
) IS NOT (
    NEW.code, NEW.name, NEW.price, NEW.free_from, NEW.countries, NEW.is_active
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shipping_methods',
        CAST(NEW.shipping_method_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('code', json_quote(OLD.code), json_quote(NEW.code)),
        ('name', json_quote(OLD.name), json_quote(NEW.name)),
        (
            'price',
            coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.price / 10000.0, '0'), '.'), 'null')
        ),
        (
            'free_from',
            coalesce(rtrim(rtrim(OLD.free_from / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.free_from / 10000.0, '0'), '.'), 'null')
        ),
        ('countries', json(OLD.countries), json(NEW.countries)),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER shipping_methods_audit_delete AFTER DELETE ON shipping_methods
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'shipping_methods',
        CAST(OLD.shipping_method_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('code', json_quote(OLD.code)),
        ('name', json_quote(OLD.name)),
        ('price', coalesce(rtrim(rtrim(OLD.price / 10000.0, '0'), '.'), 'null')),
        ('free_from', coalesce(rtrim(rtrim(OLD.free_from / 10000.0, '0'), '.'), 'null')),
        ('countries', json(OLD.countries)),
        ('is_active', iif(OLD.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER tax_rates_audit_insert AFTER INSERT ON tax_rates
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'tax_rates',
        CAST(NEW.tax_rate_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('country_code', json_quote(NEW.country_code)),
        ('region', json_quote(NEW.region)),
        ('category_id', json_quote(NEW.category_id)),
        ('rate', rtrim(rtrim(format('%.6f', NEW.rate / 1000000.0), '0'), '.')),
        ('valid_from', json_quote(NEW.valid_from)),
        ('valid_to', json_quote(NEW.valid_to))
    ) AS c;
END;

CREATE TRIGGER tax_rates_audit_update AFTER UPDATE OF
country_code, region, category_id, rate, valid_from, valid_to ON tax_rates
WHEN (
    OLD.country_code, OLD.region, OLD.category_id, OLD.rate, OLD.valid_from, OLD.valid_to
) IS NOT (
    NEW.country_code, NEW.region, NEW.category_id, NEW.rate, NEW.valid_from, NEW.valid_to
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'tax_rates',
        CAST(NEW.tax_rate_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('country_code', json_quote(OLD.country_code), json_quote(NEW.country_code)),
        ('region', json_quote(OLD.region), json_quote(NEW.region)),
        ('category_id', json_quote(OLD.category_id), json_quote(NEW.category_id)),
        (
            'rate',
            rtrim(rtrim(format('%.6f', OLD.rate / 1000000.0), '0'), '.'),
            rtrim(rtrim(format('%.6f', NEW.rate / 1000000.0), '0'), '.')
        ),
        ('valid_from', json_quote(OLD.valid_from), json_quote(NEW.valid_from)),
        ('valid_to', json_quote(OLD.valid_to), json_quote(NEW.valid_to))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER tax_rates_audit_delete AFTER DELETE ON tax_rates
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'tax_rates',
        CAST(OLD.tax_rate_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('country_code', json_quote(OLD.country_code)),
        ('region', json_quote(OLD.region)),
        ('category_id', json_quote(OLD.category_id)),
        ('rate', rtrim(rtrim(format('%.6f', OLD.rate / 1000000.0), '0'), '.')),
        ('valid_from', json_quote(OLD.valid_from)),
        ('valid_to', json_quote(OLD.valid_to))
    ) AS c;
END;

CREATE TRIGGER locations_audit_insert AFTER INSERT ON locations
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'locations',
        CAST(NEW.location_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('name', json_quote(NEW.name)),
        ('priority', json_quote(NEW.priority)),
        ('is_active', iif(NEW.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER locations_audit_update AFTER UPDATE OF
name, priority, is_active ON locations
WHEN (
    OLD.name, OLD.priority, OLD.is_active
) IS NOT (
    NEW.name, NEW.priority, NEW.is_active
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'locations',
        CAST(NEW.location_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('name', json_quote(OLD.name), json_quote(NEW.name)),
        ('priority', json_quote(OLD.priority), json_quote(NEW.priority)),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER locations_audit_delete AFTER DELETE ON locations
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'locations',
        CAST(OLD.location_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('name', json_quote(OLD.name)),
        ('priority', json_quote(OLD.priority)),
        ('is_active', iif(OLD.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER coupons_audit_insert AFTER INSERT ON coupons
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'coupons',
        CAST(NEW.coupon_id AS TEXT),
        'insert',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        NULL,
        json_group_object(c.column1, json(c.column2)),
        NEW.updated_at
    FROM (
        VALUES
        ('code', json_quote(NEW.code)),
        ('kind', json_quote(NEW.kind)),
        ('value', coalesce(rtrim(rtrim(NEW.value / 10000.0, '0'), '.'), 'null')),
        ('cap', coalesce(rtrim(rtrim(NEW.cap / 10000.0, '0'), '.'), 'null')),
        ('buy_quantity', json_quote(NEW.buy_quantity)),
        ('get_quantity', json_quote(NEW.get_quantity)),
        ('minimum', coalesce(rtrim(rtrim(NEW.minimum / 10000.0, '0'), '.'), 'null')),
        ('currency', json_quote(NEW.currency)),
        ('valid_from', json_quote(NEW.valid_from)),
        ('valid_to', json_quote(NEW.valid_to)),
        ('usage_limit', json_quote(NEW.usage_limit)),
        ('per_customer_limit', json_quote(NEW.per_customer_limit)),
        ('budget', coalesce(rtrim(rtrim(NEW.budget / 10000.0, '0'), '.'), 'null')),
        ('combines_with', json(NEW.combines_with)),
        ('is_active', iif(NEW.is_active, 'true', 'false'))
    ) AS c;
END;

CREATE TRIGGER coupons_audit_update AFTER UPDATE OF
code, kind, value, cap, buy_quantity, get_quantity, minimum, currency, valid_from, valid_to,
usage_limit, per_customer_limit, budget, combines_with, is_active ON coupons
WHEN (
    OLD.code, OLD.kind, OLD.value, OLD.cap, OLD.buy_quantity, OLD.get_quantity, OLD.minimum,
    OLD.currency, OLD.valid_from, OLD.valid_to, OLD.usage_limit, OLD.per_customer_limit,
    OLD.budget, OLD.combines_with, OLD.is_active
) IS NOT (
    NEW.code, NEW.kind, NEW.value, NEW.cap, NEW.buy_quantity, NEW.get_quantity, NEW.minimum,
    NEW.currency, NEW.valid_from, NEW.valid_to, NEW.usage_limit, NEW.per_customer_limit,
    NEW.budget, NEW.combines_with, NEW.is_active
)
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'coupons',
        CAST(NEW.coupon_id AS TEXT),
        'update',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        json_group_object(c.column1, json(c.column3)),
        iif(NEW.updated_at > OLD.updated_at, NEW.updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    FROM (
        VALUES
        ('code', json_quote(OLD.code), json_quote(NEW.code)),
        ('kind', json_quote(OLD.kind), json_quote(NEW.kind)),
        (
            'value',
            coalesce(rtrim(rtrim(OLD.value / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.value / 10000.0, '0'), '.'), 'null')
        ),
        (
            'cap',
            coalesce(rtrim(rtrim(OLD.cap / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.cap / 10000.0, '0'), '.'), 'null')
        ),
        ('buy_quantity', json_quote(OLD.buy_quantity), json_quote(NEW.buy_quantity)),
        ('get_quantity', json_quote(OLD.get_quantity), json_quote(NEW.get_quantity)),
        (
            'minimum',
            coalesce(rtrim(rtrim(OLD.minimum / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.minimum / 10000.0, '0'), '.'), 'null')
        ),
        ('currency', json_quote(OLD.currency), json_quote(NEW.currency)),
        ('valid_from', json_quote(OLD.valid_from), json_quote(NEW.valid_from)),
        ('valid_to', json_quote(OLD.valid_to), json_quote(NEW.valid_to)),
        ('usage_limit', json_quote(OLD.usage_limit), json_quote(NEW.usage_limit)),
        ('per_customer_limit', json_quote(OLD.per_customer_limit), json_quote(NEW.per_customer_limit)),
        (
            'budget',
            coalesce(rtrim(rtrim(OLD.budget / 10000.0, '0'), '.'), 'null'),
            coalesce(rtrim(rtrim(NEW.budget / 10000.0, '0'), '.'), 'null')
        ),
        ('combines_with', json(OLD.combines_with), json(NEW.combines_with)),
        ('is_active', iif(OLD.is_active, 'true', 'false'), iif(NEW.is_active, 'true', 'false'))
    ) AS c
    WHERE c.column2 <> c.column3;
END;

CREATE TRIGGER coupons_audit_delete AFTER DELETE ON coupons
BEGIN
    INSERT INTO audit_log (table_name, row_key, action, actor, actor_customer_id, before, after, changed_at)
    SELECT
        'coupons',
        CAST(OLD.coupon_id AS TEXT),
        'delete',
        coalesce((SELECT actor FROM audit_state), 'system'),
        (SELECT actor_customer_id FROM audit_state),
        json_group_object(c.column1, json(c.column2)),
        NULL,
        strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    FROM (
        VALUES
        ('code', json_quote(OLD.code)),
        ('kind', json_quote(OLD.kind)),
        ('value', coalesce(rtrim(rtrim(OLD.value / 10000.0, '0'), '.'), 'null')),
        ('cap', coalesce(rtrim(rtrim(OLD.cap / 10000.0, '0'), '.'), 'null')),
        ('buy_quantity', json_quote(OLD.buy_quantity)),
        ('get_quantity', json_quote(OLD.get_quantity)),
        ('minimum', coalesce(rtrim(rtrim(OLD.minimum / 10000.0, '0'), '.'), 'null')),
        ('currency', json_quote(OLD.currency)),
        ('valid_from', json_quote(OLD.valid_from)),
        ('valid_to', json_quote(OLD.valid_to)),
        ('usage_limit', json_quote(OLD.usage_limit)),
        ('per_customer_limit', json_quote(OLD.per_customer_limit)),
        ('budget', coalesce(rtrim(rtrim(OLD.budget / 10000.0, '0'), '.'), 'null')),
        ('combines_with', json(OLD.combines_with)),
        ('is_active', iif(OLD.is_active, 'true', 'false'))
    ) AS c;
END;
