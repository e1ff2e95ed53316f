-- What a search looks into: the folded words of every product.

CREATE TABLE search_documents (
    product_id INTEGER NOT NULL,
    -- Of the words that went in, to see whether they are still those of the product.
    digest BLOB NOT NULL,
    -- Folded and split by Lumia, each word with its field's letter, separated by blanks.
    words TEXT NOT NULL,
    indexed_at TEXT NOT NULL,
    CONSTRAINT search_documents_pkey PRIMARY KEY (product_id),
    CONSTRAINT search_documents_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT search_documents_indexed_at_type CHECK (
        indexed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND indexed_at BETWEEN '1970' AND '9999'
        AND indexed_at IS date(substr(indexed_at, 1, 19), '+0 days') || substr(indexed_at, 11)
    ),
    CONSTRAINT search_documents_digest_length CHECK (length(digest) = 32)
) STRICT;

-- The tokenizer named ascii takes every other character for a letter and changes none of them; of ASCII the words hold
-- small letters and digits only. So it parts them at the blanks and leaves them as they are.
CREATE VIRTUAL TABLE search_index USING fts5 (
    words,
    tokenize = 'ascii',
    columnsize = 0
);

-- What is replaced leaves the index first: REPLACE deletes a row without a DELETE trigger.
CREATE TRIGGER search_documents_index_insert AFTER INSERT ON search_documents
BEGIN
    DELETE FROM search_index
    WHERE rowid = NEW.product_id;
    INSERT INTO search_index (rowid, words)
    VALUES (NEW.product_id, NEW.words);
END;

CREATE TRIGGER search_documents_index_update AFTER UPDATE OF product_id, words ON search_documents
BEGIN
    DELETE FROM search_index
    WHERE rowid IN (OLD.product_id, NEW.product_id);
    INSERT INTO search_index (rowid, words)
    VALUES (NEW.product_id, NEW.words);
END;

CREATE TRIGGER search_documents_index_delete AFTER DELETE ON search_documents
BEGIN
    DELETE FROM search_index
    WHERE rowid = OLD.product_id;
END;
