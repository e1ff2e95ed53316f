-- Who was erased stays erased: whatever would bring personal data back is refused, whoever writes it.

-- Asks for the customer's row with the lock that a foreign key takes anyway, and at the same moment, so that nobody waits
-- in a circle who did not before: an erasure holds the row until it ends, and what waited for it sees that it was done.
CREATE FUNCTION refuse_erased() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    dated utc_timestamp;
BEGIN
    -- Read whole and looked at afterwards: a condition would be asked of the row as it was before the wait.
    SELECT c.erased_at INTO dated FROM customers AS c WHERE c.customer_id = NEW.customer_id FOR KEY SHARE;
    IF dated IS NOT NULL THEN
        RAISE EXCEPTION 'lumia:customers_erased_final'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_erased_final';
    END IF;
    RETURN NULL;
END
$$;

-- The same of an order's customer.
CREATE FUNCTION refuse_erased_owner() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    dated utc_timestamp;
BEGIN
    SELECT c.erased_at
    INTO dated
    FROM orders AS o
    INNER JOIN customers AS c ON c.customer_id = o.customer_id
    WHERE o.order_id = NEW.order_id
    FOR KEY SHARE OF c;
    IF dated IS NOT NULL THEN
        RAISE EXCEPTION 'lumia:customers_erased_final'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_erased_final';
    END IF;
    RETURN NULL;
END
$$;

-- What is left of the customer may be overwritten, which is what an erasure does each time, and nothing else.
CREATE TRIGGER customers_erased_final BEFORE UPDATE OF
email, email_key, first_name, last_name, phone, external_reference, is_active, is_verified,
erased_at ON customers
FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL AND (
    NEW.email NOT IN (OLD.email, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
    OR NEW.email_key NOT IN (OLD.email_key, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
    OR NEW.first_name NOT IN (OLD.first_name, '')
    OR NEW.last_name NOT IN (OLD.last_name, '')
    OR (NEW.phone IS NOT NULL AND NEW.phone IS DISTINCT FROM OLD.phone)
    OR (NEW.external_reference IS NOT NULL AND NEW.external_reference IS DISTINCT FROM OLD.external_reference)
    OR (NEW.is_active AND NOT OLD.is_active)
    OR (NEW.is_verified AND NOT OLD.is_verified)
    OR NEW.erased_at IS DISTINCT FROM OLD.erased_at
)) EXECUTE FUNCTION refuse_write('customers_erased_final');

CREATE TRIGGER account_tokens_erased_insert AFTER INSERT ON account_tokens
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER addresses_erased_insert AFTER INSERT ON addresses
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER carts_erased_insert AFTER INSERT ON carts
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER credentials_erased_insert AFTER INSERT ON credentials
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER orders_erased_insert AFTER INSERT ON orders
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER reviews_erased_insert AFTER INSERT ON reviews
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER sessions_erased_insert AFTER INSERT ON sessions
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER wishlists_erased_insert AFTER INSERT ON wishlists
FOR EACH ROW EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER returns_erased_insert AFTER INSERT ON returns
FOR EACH ROW EXECUTE FUNCTION refuse_erased_owner();

CREATE TRIGGER addresses_erased_update AFTER UPDATE OF
customer_id, recipient, company, line1, line2, city, region, postal_code, phone ON addresses
FOR EACH ROW WHEN (
    NEW.customer_id <> OLD.customer_id
    OR NEW.recipient NOT IN (OLD.recipient, 'erased')
    OR (NEW.company IS NOT NULL AND NEW.company IS DISTINCT FROM OLD.company)
    OR NEW.line1 NOT IN (OLD.line1, 'erased')
    OR (NEW.line2 IS NOT NULL AND NEW.line2 IS DISTINCT FROM OLD.line2)
    OR NEW.city NOT IN (OLD.city, 'erased')
    OR NEW.region NOT IN (OLD.region, '')
    OR NEW.postal_code NOT IN (OLD.postal_code, '')
    OR (NEW.phone IS NOT NULL AND NEW.phone IS DISTINCT FROM OLD.phone)
) EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER carts_erased_update AFTER UPDATE OF
customer_id, guest_email, guest_email_key ON carts
FOR EACH ROW WHEN (
    NEW.customer_id IS DISTINCT FROM OLD.customer_id
    OR (NEW.guest_email IS NOT NULL AND NEW.guest_email IS DISTINCT FROM OLD.guest_email)
    OR (NEW.guest_email_key IS NOT NULL AND NEW.guest_email_key IS DISTINCT FROM OLD.guest_email_key)
) EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER orders_erased_update AFTER UPDATE OF
email ON orders
FOR EACH ROW WHEN (
    NEW.email NOT IN (OLD.email, 'erased-' || CAST(NEW.customer_id AS text) || '@erased.invalid')
) EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER reviews_erased_update AFTER UPDATE OF
title, body, moderation_note ON reviews
FOR EACH ROW WHEN (
    NEW.title NOT IN (OLD.title, '')
    OR NEW.body NOT IN (OLD.body, '')
    OR NEW.moderation_note NOT IN (OLD.moderation_note, '')
) EXECUTE FUNCTION refuse_erased();

CREATE TRIGGER wishlists_erased_update AFTER UPDATE OF
customer_id, name ON wishlists
FOR EACH ROW WHEN (
    NEW.customer_id <> OLD.customer_id
    OR NEW.name <> OLD.name
) EXECUTE FUNCTION refuse_erased();
