-- name: list_customers(after_id, noted, max_rows)
-- One page of the customers, or only of those with a note, by their key.
--
-- @param after_id: int
-- @param noted: text
-- @param max_rows: int
-- @returns: NotedCustomer
SELECT
    c.customer_id,
    c.first_name,
    n.note
FROM customers AS c
LEFT JOIN customer_notes AS n ON c.customer_id = n.customer_id
WHERE c.customer_id > :after_id
    AND n.note = :noted --@if noted
ORDER BY c.customer_id
LIMIT :max_rows;

-- name: put_note(customer_id, note)!
-- Write a customer's note, or replace it.
--
-- @param customer_id: int
-- @param note: text
-- @returns: int
INSERT INTO customer_notes (customer_id, note)
VALUES (:customer_id, :note)
ON CONFLICT (customer_id) DO UPDATE SET note = excluded.note;
