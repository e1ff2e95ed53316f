-- The audit log of what decides how things are sold: delivery, taxes, places and coupons.

CREATE TRIGGER shipping_methods_audit_insert AFTER INSERT ON shipping_methods
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'shipping_method_id',
    'code name price free_from countries is_active',
    ''
);
CREATE TRIGGER shipping_methods_audit_update AFTER UPDATE OF
code, name, price, free_from, countries, is_active ON shipping_methods
FOR EACH ROW WHEN (
    (
        OLD.code, OLD.name, OLD.price, OLD.free_from, OLD.countries, OLD.is_active
    ) IS DISTINCT FROM (
        NEW.code, NEW.name, NEW.price, NEW.free_from, NEW.countries, NEW.is_active
    )
) EXECUTE FUNCTION write_audit_log(
    'shipping_method_id',
    'code name price free_from countries is_active',
    ''
);
CREATE TRIGGER shipping_methods_audit_delete AFTER DELETE ON shipping_methods
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'shipping_method_id',
    'code name price free_from countries is_active',
    ''
);

CREATE TRIGGER tax_rates_audit_insert AFTER INSERT ON tax_rates
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'tax_rate_id',
    'country_code region category_id rate valid_from valid_to',
    ''
);
CREATE TRIGGER tax_rates_audit_update AFTER UPDATE OF
country_code, region, category_id, rate, valid_from, valid_to ON tax_rates
FOR EACH ROW WHEN (
    (
        OLD.country_code, OLD.region, OLD.category_id, OLD.rate, OLD.valid_from, OLD.valid_to
    ) IS DISTINCT FROM (
        NEW.country_code, NEW.region, NEW.category_id, NEW.rate, NEW.valid_from, NEW.valid_to
    )
) EXECUTE FUNCTION write_audit_log(
    'tax_rate_id',
    'country_code region category_id rate valid_from valid_to',
    ''
);
CREATE TRIGGER tax_rates_audit_delete AFTER DELETE ON tax_rates
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'tax_rate_id',
    'country_code region category_id rate valid_from valid_to',
    ''
);

CREATE TRIGGER locations_audit_insert AFTER INSERT ON locations
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'location_id',
    'name priority is_active',
    ''
);
CREATE TRIGGER locations_audit_update AFTER UPDATE OF
name, priority, is_active ON locations
FOR EACH ROW WHEN (
    (
        OLD.name, OLD.priority, OLD.is_active
    ) IS DISTINCT FROM (
        NEW.name, NEW.priority, NEW.is_active
    )
) EXECUTE FUNCTION write_audit_log(
    'location_id',
    'name priority is_active',
    ''
);
CREATE TRIGGER locations_audit_delete AFTER DELETE ON locations
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'location_id',
    'name priority is_active',
    ''
);

CREATE TRIGGER coupons_audit_insert AFTER INSERT ON coupons
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'coupon_id',
    'code kind value cap buy_quantity get_quantity minimum currency valid_from valid_to usage_limit '
    'per_customer_limit budget combines_with is_active',
    ''
);
CREATE TRIGGER coupons_audit_update AFTER UPDATE OF
code, kind, value, cap, buy_quantity, get_quantity, minimum, currency, valid_from, valid_to,
usage_limit, per_customer_limit, budget, combines_with, is_active ON coupons
FOR EACH ROW WHEN (
    (
        OLD.code, OLD.kind, OLD.value, OLD.cap, OLD.buy_quantity, OLD.get_quantity,
        OLD.minimum, OLD.currency, OLD.valid_from, OLD.valid_to, OLD.usage_limit,
        OLD.per_customer_limit, OLD.budget, OLD.combines_with, OLD.is_active
    ) IS DISTINCT FROM (
        NEW.code, NEW.kind, NEW.value, NEW.cap, NEW.buy_quantity, NEW.get_quantity,
        NEW.minimum, NEW.currency, NEW.valid_from, NEW.valid_to, NEW.usage_limit,
        NEW.per_customer_limit, NEW.budget, NEW.combines_with, NEW.is_active
    )
) EXECUTE FUNCTION write_audit_log(
    'coupon_id',
    'code kind value cap buy_quantity get_quantity minimum currency valid_from valid_to usage_limit '
    'per_customer_limit budget combines_with is_active',
    ''
);
CREATE TRIGGER coupons_audit_delete AFTER DELETE ON coupons
FOR EACH ROW EXECUTE FUNCTION write_audit_log(
    'coupon_id',
    'code kind value cap buy_quantity get_quantity minimum currency valid_from valid_to usage_limit '
    'per_customer_limit budget combines_with is_active',
    ''
);
