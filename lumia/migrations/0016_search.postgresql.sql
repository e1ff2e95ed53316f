-- What a search looks into: the folded words of every product.

CREATE TABLE search_documents (
    product_id bigint NOT NULL,
    -- Of the words that went in, to see whether they are still those of the product.
    digest bytea NOT NULL,
    -- Folded and split by Lumia, each word with its field's letter and its place; no parser and no dictionary of the
    -- server is asked, so that SQLite indexes the very same words.
    words tsvector NOT NULL,
    indexed_at utc_timestamp NOT NULL,
    CONSTRAINT search_documents_pkey PRIMARY KEY (product_id),
    CONSTRAINT search_documents_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE CASCADE,
    CONSTRAINT search_documents_digest_length CHECK (length(digest) = 32)
);

CREATE INDEX search_documents_words_idx ON search_documents USING gin (words);
