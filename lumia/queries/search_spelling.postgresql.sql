-- name: list_search_spellings(words, levels, owners, trigrams, max_words, max_near, max_rows)
-- Which of a query's words products on sale have, and for the others the words that share most trigrams with them.
--
-- @differs: the words are a tsvector, what is asked is in arrays
-- @ties: places differ, and so do the words that are near one
-- @param words: text[]
-- @param levels: text[]
-- @param owners: int[]
-- @param trigrams: text[]
-- @param max_words: int
-- @param max_near: int
-- @param max_rows: int
-- @returns: SearchSpelling
WITH asked AS (
    SELECT
        q.place - 1 AS place,
        coalesce(q.word, '') AS word,
        EXISTS (
            SELECT 1
            FROM search_documents AS d
            INNER JOIN products AS p ON d.product_id = p.product_id
            WHERE d.words @@ CAST(q.level AS tsquery)
                AND p.status = 'active'
        ) AS is_known
    FROM unnest(:words, :levels) WITH ORDINALITY AS q (word, level, place)
),

unknown AS (
    SELECT
        place,
        word
    FROM asked
    WHERE NOT is_known
    ORDER BY place
    LIMIT :max_words
),

shared AS (
    SELECT
        u.place,
        t.word,
        abs(length(t.word) - length(u.word)) AS longer,
        count(DISTINCT t.trigram) AS trigrams
    FROM unknown AS u
    INNER JOIN unnest(:owners, :trigrams) AS g (place, trigram) ON u.place = g.place
    INNER JOIN search_trigrams AS t ON g.trigram = t.trigram
    WHERE abs(length(t.word) - length(u.word)) <= CASE WHEN length(u.word) > 5 THEN 2 ELSE 1 END
    GROUP BY
        u.place,
        u.word,
        t.word
),

ranked AS (
    SELECT
        place,
        word,
        row_number() OVER (
            PARTITION BY place
            ORDER BY
                trigrams DESC,
                longer,
                word
        ) AS rank
    FROM shared
),

answered AS (
    SELECT
        place,
        word,
        is_known
    FROM asked
    WHERE is_known
    UNION ALL
    SELECT
        place,
        word,
        FALSE
    FROM ranked
    WHERE rank <= :max_near
)

SELECT
    place,
    word,
    is_known
FROM answered
ORDER BY
    place,
    word
LIMIT :max_rows;
