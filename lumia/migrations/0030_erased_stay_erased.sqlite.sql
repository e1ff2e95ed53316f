-- Who was erased stays erased: whatever would bring personal data back is refused, whoever writes it.

-- What is left of the customer may be overwritten, which is what an erasure does each time, and nothing else.
CREATE TRIGGER customers_erased_final BEFORE UPDATE OF
email, email_key, first_name, last_name, phone, external_reference, is_active, is_verified,
erased_at ON customers
WHEN OLD.erased_at IS NOT NULL AND (
    NEW.email NOT IN (OLD.email, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
    OR NEW.email_key NOT IN (OLD.email_key, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
    OR NEW.first_name NOT IN (OLD.first_name, '')
    OR NEW.last_name NOT IN (OLD.last_name, '')
    OR (NEW.phone IS NOT NULL AND NEW.phone IS NOT OLD.phone)
    OR (NEW.external_reference IS NOT NULL AND NEW.external_reference IS NOT OLD.external_reference)
    OR (NEW.is_active AND NOT OLD.is_active)
    OR (NEW.is_verified AND NOT OLD.is_verified)
    OR NEW.erased_at IS NOT OLD.erased_at
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final');
END;

CREATE TRIGGER account_tokens_erased_insert AFTER INSERT ON account_tokens
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER addresses_erased_insert AFTER INSERT ON addresses
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER carts_erased_insert AFTER INSERT ON carts
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER credentials_erased_insert AFTER INSERT ON credentials
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER orders_erased_insert AFTER INSERT ON orders
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER reviews_erased_insert AFTER INSERT ON reviews
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER sessions_erased_insert AFTER INSERT ON sessions
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER wishlists_erased_insert AFTER INSERT ON wishlists
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER returns_erased_insert AFTER INSERT ON returns
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM orders AS o
    INNER JOIN customers AS c ON c.customer_id = o.customer_id
    WHERE o.order_id = NEW.order_id
        AND c.erased_at IS NOT NULL;
END;

CREATE TRIGGER addresses_erased_update AFTER UPDATE OF
customer_id, recipient, company, line1, line2, city, region, postal_code, phone ON addresses
WHEN NEW.customer_id <> OLD.customer_id
    OR NEW.recipient NOT IN (OLD.recipient, 'erased')
    OR (NEW.company IS NOT NULL AND NEW.company IS NOT OLD.company)
    OR NEW.line1 NOT IN (OLD.line1, 'erased')
    OR (NEW.line2 IS NOT NULL AND NEW.line2 IS NOT OLD.line2)
    OR NEW.city NOT IN (OLD.city, 'erased')
    OR NEW.region NOT IN (OLD.region, '')
    OR NEW.postal_code NOT IN (OLD.postal_code, '')
    OR (NEW.phone IS NOT NULL AND NEW.phone IS NOT OLD.phone)
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER carts_erased_update AFTER UPDATE OF
customer_id, guest_email, guest_email_key ON carts
WHEN NEW.customer_id IS NOT OLD.customer_id
    OR (NEW.guest_email IS NOT NULL AND NEW.guest_email IS NOT OLD.guest_email)
    OR (NEW.guest_email_key IS NOT NULL AND NEW.guest_email_key IS NOT OLD.guest_email_key)
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER orders_erased_update AFTER UPDATE OF
email ON orders
WHEN NEW.email NOT IN (OLD.email, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER reviews_erased_update AFTER UPDATE OF
title, body, moderation_note ON reviews
WHEN NEW.title NOT IN (OLD.title, '')
    OR NEW.body NOT IN (OLD.body, '')
    OR NEW.moderation_note NOT IN (OLD.moderation_note, '')
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;

CREATE TRIGGER wishlists_erased_update AFTER UPDATE OF
customer_id, name ON wishlists
WHEN NEW.customer_id <> OLD.customer_id
    OR NEW.name <> OLD.name
BEGIN
    SELECT RAISE(ABORT, 'lumia:customers_erased_final')
    FROM customers
    WHERE customer_id = NEW.customer_id
        AND erased_at IS NOT NULL;
END;
