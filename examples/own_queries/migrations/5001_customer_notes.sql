-- What a clerk wants to remember of a customer.

CREATE TABLE customer_notes (
    customer_id INTEGER NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT customer_notes_pkey PRIMARY KEY (customer_id),
    CONSTRAINT customer_notes_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE
);

CREATE INDEX customer_notes_note_idx ON customer_notes (note);
