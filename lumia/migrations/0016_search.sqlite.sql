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

-- The three-letter pieces of the words that documents have or once had, by which the nearest of a misspelt one is found.
CREATE TABLE search_trigrams (
    search_trigram_id INTEGER NOT NULL,
    -- Of the word with two blanks before it and one behind it.
    trigram TEXT NOT NULL,
    word TEXT NOT NULL,
    -- No key on the pairs: nobody waits for the word that another is about to write, and a piece that is there twice
    -- is counted once.
    CONSTRAINT search_trigrams_pkey PRIMARY KEY (search_trigram_id AUTOINCREMENT),
    CONSTRAINT search_trigrams_trigram_length CHECK (substr(trigram, 3) <> '' AND substr(trigram, 1, 3) = trigram),
    CONSTRAINT search_trigrams_word_length CHECK (substr(word, 3) <> '' AND substr(word, 1, 64) = word)
) STRICT;

CREATE INDEX search_trigrams_trigram_idx ON search_trigrams (trigram, word);

CREATE INDEX search_trigrams_word_idx ON search_trigrams (word);

-- A word with a digit in it is a SKU or a measure, and the nearest one is another thing. Words hold letters and digits
-- only, so that blanks become the commas of a list; the places are those of the longest word with its blanks.
CREATE TRIGGER search_documents_trigrams_insert AFTER INSERT ON search_documents
BEGIN
    INSERT INTO search_trigrams (trigram, word)
    SELECT DISTINCT
        substr('  ' || w.word || ' ', p.value, 3),
        w.word
    FROM (
        SELECT DISTINCT substr(d.value, 2) AS word
        FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]') AS d
        WHERE length(d.value) BETWEEN 4 AND 65
            AND d.value NOT GLOB '*[0-9]*'
            AND NOT EXISTS (
                SELECT 1
                FROM search_trigrams AS t
                WHERE t.word = substr(d.value, 2)
            )
    ) AS w
    CROSS JOIN json_each(
        '[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,'
        || '40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65]'
    ) AS p
    WHERE p.value <= length(w.word) + 1;
END;

CREATE TRIGGER search_documents_trigrams_update AFTER UPDATE OF words ON search_documents
BEGIN
    INSERT INTO search_trigrams (trigram, word)
    SELECT DISTINCT
        substr('  ' || w.word || ' ', p.value, 3),
        w.word
    FROM (
        SELECT DISTINCT substr(d.value, 2) AS word
        FROM json_each('["' || replace(NEW.words, ' ', '","') || '"]') AS d
        WHERE length(d.value) BETWEEN 4 AND 65
            AND d.value NOT GLOB '*[0-9]*'
            AND NOT EXISTS (
                SELECT 1
                FROM search_trigrams AS t
                WHERE t.word = substr(d.value, 2)
            )
    ) AS w
    CROSS JOIN json_each(
        '[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,'
        || '40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65]'
    ) AS p
    WHERE p.value <= length(w.word) + 1;
END;
