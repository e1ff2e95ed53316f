-- name: lock_credential(customer_id)^
-- Lock a customer and what their password is checked against, in this order, and read it anew.
--
-- @differs: the one writer has the whole file; there are no row locks.
-- @param customer_id: int
-- @returns: Credential
SELECT
    d.customer_id,
    d.password_hash
FROM customers AS c
INNER JOIN credentials AS d ON c.customer_id = d.customer_id
WHERE c.customer_id = :customer_id;

-- name: lock_registered(email_key)$
-- Lock the registered customer of an address, if there is one.
--
-- @differs: the one writer has the whole file; there are no row locks.
-- @param email_key: text
-- @returns: int?
SELECT customer_id
FROM customers
WHERE email_key = :email_key
    AND NOT is_guest;
