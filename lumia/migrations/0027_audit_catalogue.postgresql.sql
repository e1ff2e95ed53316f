-- The audit log of the settings and the catalogue.

CREATE TRIGGER shop_settings_audit_insert AFTER INSERT ON shop_settings
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'shop_settings_id',
    'currency prices_include_tax time_zone order_expiry_minutes',
    ''
);
CREATE TRIGGER shop_settings_audit_update AFTER UPDATE OF
currency, prices_include_tax, time_zone, order_expiry_minutes ON shop_settings
FOR EACH ROW WHEN (
    (
        OLD.currency, OLD.prices_include_tax, OLD.time_zone, OLD.order_expiry_minutes
    ) IS DISTINCT FROM (
        NEW.currency, NEW.prices_include_tax, NEW.time_zone, NEW.order_expiry_minutes
    )
) EXECUTE FUNCTION write_audit_log(
    'shop_settings_id',
    'currency prices_include_tax time_zone order_expiry_minutes',
    ''
);
CREATE TRIGGER shop_settings_audit_delete AFTER DELETE ON shop_settings
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'shop_settings_id',
    'currency prices_include_tax time_zone order_expiry_minutes',
    ''
);

CREATE TRIGGER categories_audit_insert AFTER INSERT ON categories
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'category_id',
    'parent_id slug name position',
    ''
);
CREATE TRIGGER categories_audit_update AFTER UPDATE OF
parent_id, slug, name, position ON categories
FOR EACH ROW WHEN (
    (
        OLD.parent_id, OLD.slug, OLD.name, OLD.position
    ) IS DISTINCT FROM (
        NEW.parent_id, NEW.slug, NEW.name, NEW.position
    )
) EXECUTE FUNCTION write_audit_log(
    'category_id',
    'parent_id slug name position',
    ''
);
CREATE TRIGGER categories_audit_delete AFTER DELETE ON categories
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'category_id',
    'parent_id slug name position',
    ''
);

CREATE TRIGGER products_audit_update AFTER UPDATE OF
category_id, slug, name, description, status ON products
FOR EACH ROW WHEN (
    (
        OLD.category_id, OLD.slug, OLD.name, OLD.description, OLD.status
    ) IS DISTINCT FROM (
        NEW.category_id, NEW.slug, NEW.name, NEW.description, NEW.status
    )
) EXECUTE FUNCTION write_audit_log(
    'product_id',
    'category_id slug name description status',
    ''
);
CREATE TRIGGER products_audit_delete AFTER DELETE ON products
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'product_id',
    'category_id slug name description status',
    ''
);

CREATE TRIGGER product_variants_audit_update AFTER UPDATE OF
product_id, sku, combination_key, price, compare_at_price, weight_grams, barcode, is_goods,
is_active ON product_variants
FOR EACH ROW WHEN (
    (
        OLD.product_id, OLD.sku, OLD.combination_key, OLD.price, OLD.compare_at_price,
        OLD.weight_grams, OLD.barcode, OLD.is_goods, OLD.is_active
    ) IS DISTINCT FROM (
        NEW.product_id, NEW.sku, NEW.combination_key, NEW.price, NEW.compare_at_price,
        NEW.weight_grams, NEW.barcode, NEW.is_goods, NEW.is_active
    )
) EXECUTE FUNCTION write_audit_log(
    'variant_id',
    'product_id sku combination_key price compare_at_price weight_grams barcode is_goods is_active',
    ''
);
CREATE TRIGGER product_variants_audit_delete AFTER DELETE ON product_variants
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'variant_id',
    'product_id sku combination_key price compare_at_price weight_grams barcode is_goods is_active',
    ''
);

CREATE TRIGGER bundles_audit_insert AFTER INSERT ON bundles
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'bundle_id',
    'sku slug name price is_active',
    ''
);
CREATE TRIGGER bundles_audit_update AFTER UPDATE OF
sku, slug, name, price, is_active ON bundles
FOR EACH ROW WHEN (
    (
        OLD.sku, OLD.slug, OLD.name, OLD.price, OLD.is_active
    ) IS DISTINCT FROM (
        NEW.sku, NEW.slug, NEW.name, NEW.price, NEW.is_active
    )
) EXECUTE FUNCTION write_audit_log(
    'bundle_id',
    'sku slug name price is_active',
    ''
);
CREATE TRIGGER bundles_audit_delete AFTER DELETE ON bundles
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'bundle_id',
    'sku slug name price is_active',
    ''
);
