-- name: deactivate_customer(customer_id, now)^
-- Mark a customer as inactive.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: Customer
UPDATE customers
SET
    is_active = FALSE,
    updated_at = :now
WHERE customer_id = :customer_id
RETURNING
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at;

-- name: get_customer(customer_id)^
-- One customer by key.
--
-- @param customer_id: int
-- @returns: Customer
SELECT
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at
FROM customers
WHERE customer_id = :customer_id;

-- name: get_customer_by_email_key(email_key)^
-- The registered customer of an address; guests may share one.
--
-- @param email_key: text
-- @returns: Customer
SELECT
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at
FROM customers
WHERE email_key = :email_key
    AND NOT is_guest;

-- name: get_customer_by_public_id(public_id)^
-- One customer by the key that is shown in URLs.
--
-- @param public_id: uuid
-- @returns: Customer
SELECT
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at
FROM customers
WHERE public_id = :public_id;

-- name: insert_customer(public_id, email, email_key, first_name, last_name, phone, external_reference, is_guest, now)$
-- Add a customer, active and not verified.
--
-- @param public_id: uuid
-- @param email: text
-- @param email_key: text
-- @param first_name: text
-- @param last_name: text
-- @param phone: text?
-- @param external_reference: text?
-- @param is_guest: bool
-- @param now: timestamp
-- @returns: int
INSERT INTO customers (
    public_id,
    email,
    email_key,
    first_name,
    last_name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :email,
    :email_key,
    :first_name,
    :last_name,
    :phone,
    :external_reference,
    :is_guest,
    TRUE,
    FALSE,
    :now,
    :now
)
RETURNING customer_id;

-- name: list_customers(is_active, is_guest, after_id, max_rows)
-- One page of customers, guests included.
--
-- @scan: those who are active, or guests, are most or few: they are read along their key until the page is full
-- @param is_active: bool
-- @param is_guest: bool
-- @param after_id: int
-- @param max_rows: int
-- @returns: Customer
SELECT
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at
FROM customers
WHERE TRUE
    AND is_active = :is_active --@if is_active
    AND is_guest = :is_guest --@if is_guest
    AND customer_id > :after_id --@if after_id for customer_id
    AND customer_id < :after_id --@if after_id for -customer_id
ORDER BY customer_id --@order customer_id|-customer_id
LIMIT :max_rows;

-- name: reactivate_customer(customer_id, now)^
-- Mark a customer as active again.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: Customer
UPDATE customers
SET
    is_active = TRUE,
    updated_at = :now
WHERE customer_id = :customer_id
RETURNING
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at;

-- name: update_customer_profile(customer_id, first_name, last_name, sets_phone, phone, now)^
-- Change the fields that are given; NULL leaves a name as it is, phone is written when sets_phone says so.
--
-- @param customer_id: int
-- @param first_name: text?
-- @param last_name: text?
-- @param sets_phone: bool
-- @param phone: text?
-- @param now: timestamp
-- @returns: Customer
UPDATE customers
SET
    first_name = coalesce(:first_name, first_name),
    last_name = coalesce(:last_name, last_name),
    phone = CASE WHEN :sets_phone THEN :phone ELSE phone END,
    updated_at = :now
WHERE customer_id = :customer_id
RETURNING
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at;
