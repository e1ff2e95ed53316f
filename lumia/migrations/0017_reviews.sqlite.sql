-- Reviews of what was bought and delivered, votes on them, and each product's ratings.

CREATE TABLE reviews (
    review_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    order_item_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    rating INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Why the last moderator decided so; empty while nobody has.
    moderation_note TEXT NOT NULL,
    moderated_at TEXT,
    -- How many customers found it helpful: counted by the votes' triggers.
    helpful_votes INTEGER NOT NULL DEFAULT 0,
    -- Grows when the customer edits it, so that nobody publishes a text that they have not read.
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT reviews_pkey PRIMARY KEY (review_id AUTOINCREMENT),
    CONSTRAINT reviews_public_id_key UNIQUE (public_id),
    -- The index of the purchase's key too: nobody has many reviews.
    CONSTRAINT reviews_customer_key UNIQUE (customer_id, product_id),
    -- The parent key of votes, which know whose review they are for.
    CONSTRAINT reviews_author_key UNIQUE (review_id, customer_id),
    -- A verified purchase: this very customer bought this very product on this line.
    CONSTRAINT reviews_purchase_fkey FOREIGN KEY (customer_id, product_id, order_item_id)
    REFERENCES order_items (customer_id, product_id, order_item_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT reviews_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT reviews_status_type CHECK (status IN ('pending', 'published', 'rejected')),
    CONSTRAINT reviews_moderated_at_type CHECK (
        moderated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND moderated_at BETWEEN '1970' AND '9999'
        AND moderated_at IS date(substr(moderated_at, 1, 19), '+0 days') || substr(moderated_at, 11)
    ),
    CONSTRAINT reviews_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT reviews_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT reviews_rating_range CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT reviews_title_length CHECK (substr(title, 1, 200) = title),
    CONSTRAINT reviews_body_length CHECK (substr(body, 1, 10000) = body),
    CONSTRAINT reviews_moderation_note_length CHECK (substr(moderation_note, 1, 500) = moderation_note),
    CONSTRAINT reviews_moderated CHECK ((status = 'pending') = (moderated_at IS NULL)),
    CONSTRAINT reviews_version_range CHECK (version >= 0)
) STRICT;

-- One for each order that a product's page offers, and one for the moderators' queue.
CREATE INDEX reviews_newest_idx ON reviews (product_id, review_id) WHERE status = 'published';
CREATE INDEX reviews_rating_idx ON reviews (product_id, rating, review_id) WHERE status = 'published';
CREATE INDEX reviews_helpful_idx ON reviews (product_id, helpful_votes, review_id) WHERE status = 'published';
CREATE INDEX reviews_pending_idx ON reviews (review_id) WHERE status = 'pending';

-- A vote is no change of the review.
CREATE TRIGGER reviews_touch AFTER UPDATE ON reviews
WHEN NEW.updated_at = OLD.updated_at AND NEW.helpful_votes = OLD.helpful_votes
BEGIN
    UPDATE reviews
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE review_id = NEW.review_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- Who reviewed which purchase stays as it was: the ratings count on it.
CREATE TRIGGER reviews_frozen BEFORE UPDATE OF
review_id, public_id, order_item_id, product_id, customer_id ON reviews
WHEN (OLD.review_id, OLD.public_id, OLD.order_item_id, OLD.product_id, OLD.customer_id)
    IS NOT (NEW.review_id, NEW.public_id, NEW.order_item_id, NEW.product_id, NEW.customer_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:reviews_frozen');
END;

-- What the votes' triggers count; no client can meet this: every vote was counted in its own statement.
CREATE TRIGGER reviews_votes_counted_insert BEFORE INSERT ON reviews
WHEN NEW.helpful_votes <> 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:reviews_votes_counted');
END;

CREATE TRIGGER reviews_votes_counted_update BEFORE UPDATE OF helpful_votes ON reviews
WHEN NEW.helpful_votes <> OLD.helpful_votes
    AND NEW.helpful_votes <> (SELECT count(*) FROM review_votes WHERE review_id = OLD.review_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:reviews_votes_counted');
END;

CREATE TRIGGER reviews_delivered BEFORE INSERT ON reviews
BEGIN
    SELECT RAISE(ABORT, 'lumia:reviews_delivered')
    FROM order_items AS i
    INNER JOIN orders AS o ON i.order_id = o.order_id
    WHERE i.order_item_id = NEW.order_item_id
        -- Where the goods are, not what was paid: who was refunded had them all the same.
        AND (o.fulfillment_status <> 'delivered' OR i.cancelled_quantity = i.quantity);
    -- INSERT OR REPLACE would delete the old row without a DELETE trigger. Here, for this comes second on PostgreSQL too.
    SELECT RAISE(ABORT, 'lumia:reviews_pkey')
    FROM reviews
    WHERE review_id = NEW.review_id;
    SELECT RAISE(ABORT, 'lumia:reviews_public_id_key')
    FROM reviews
    WHERE public_id = NEW.public_id;
    SELECT RAISE(ABORT, 'lumia:reviews_customer_key')
    FROM reviews
    WHERE customer_id = NEW.customer_id
        AND product_id = NEW.product_id;
END;

-- How many published reviews gave which rating, for products that have or had any; nobody has to read the reviews.
CREATE TABLE product_ratings (
    product_id INTEGER NOT NULL,
    ratings_1 INTEGER NOT NULL DEFAULT 0,
    ratings_2 INTEGER NOT NULL DEFAULT 0,
    ratings_3 INTEGER NOT NULL DEFAULT 0,
    ratings_4 INTEGER NOT NULL DEFAULT 0,
    ratings_5 INTEGER NOT NULL DEFAULT 0,
    reviews INTEGER NOT NULL GENERATED ALWAYS AS (ratings_1 + ratings_2 + ratings_3 + ratings_4 + ratings_5) STORED,
    rating_sum INTEGER NOT NULL GENERATED ALWAYS AS (
        ratings_1 + 2 * ratings_2 + 3 * ratings_3 + 4 * ratings_4 + 5 * ratings_5
    ) STORED,
    CONSTRAINT product_ratings_pkey PRIMARY KEY (product_id),
    -- What was rated was sold, and stays.
    CONSTRAINT product_ratings_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE RESTRICT,
    CONSTRAINT product_ratings_counts_range CHECK (
        ratings_1 BETWEEN 0 AND 1000000000 AND ratings_2 BETWEEN 0 AND 1000000000
        AND ratings_3 BETWEEN 0 AND 1000000000 AND ratings_4 BETWEEN 0 AND 1000000000
        AND ratings_5 BETWEEN 0 AND 1000000000
    )
) STRICT;

CREATE TRIGGER reviews_rating_insert AFTER INSERT ON reviews
WHEN NEW.status = 'published'
BEGIN
    INSERT INTO product_ratings (product_id)
    SELECT NEW.product_id
    WHERE NOT EXISTS (SELECT 1 FROM product_ratings WHERE product_id = NEW.product_id);
    UPDATE product_ratings
    SET
        ratings_1 = ratings_1 + (NEW.status = 'published' AND NEW.rating = 1),
        ratings_2 = ratings_2 + (NEW.status = 'published' AND NEW.rating = 2),
        ratings_3 = ratings_3 + (NEW.status = 'published' AND NEW.rating = 3),
        ratings_4 = ratings_4 + (NEW.status = 'published' AND NEW.rating = 4),
        ratings_5 = ratings_5 + (NEW.status = 'published' AND NEW.rating = 5)
    WHERE product_id = NEW.product_id;
END;

CREATE TRIGGER reviews_rating_update AFTER UPDATE OF status, rating ON reviews
WHEN (OLD.status = 'published' OR NEW.status = 'published')
    AND (OLD.status <> NEW.status OR OLD.rating <> NEW.rating)
BEGIN
    INSERT INTO product_ratings (product_id)
    SELECT NEW.product_id
    WHERE NOT EXISTS (SELECT 1 FROM product_ratings WHERE product_id = NEW.product_id);
    UPDATE product_ratings
    SET
        ratings_1 = ratings_1 + (NEW.status = 'published' AND NEW.rating = 1) - (OLD.status = 'published' AND OLD.rating = 1),
        ratings_2 = ratings_2 + (NEW.status = 'published' AND NEW.rating = 2) - (OLD.status = 'published' AND OLD.rating = 2),
        ratings_3 = ratings_3 + (NEW.status = 'published' AND NEW.rating = 3) - (OLD.status = 'published' AND OLD.rating = 3),
        ratings_4 = ratings_4 + (NEW.status = 'published' AND NEW.rating = 4) - (OLD.status = 'published' AND OLD.rating = 4),
        ratings_5 = ratings_5 + (NEW.status = 'published' AND NEW.rating = 5) - (OLD.status = 'published' AND OLD.rating = 5)
    WHERE product_id = NEW.product_id;
END;

CREATE TRIGGER reviews_rating_delete AFTER DELETE ON reviews
WHEN OLD.status = 'published'
BEGIN
    UPDATE product_ratings
    SET
        ratings_1 = ratings_1 - (OLD.status = 'published' AND OLD.rating = 1),
        ratings_2 = ratings_2 - (OLD.status = 'published' AND OLD.rating = 2),
        ratings_3 = ratings_3 - (OLD.status = 'published' AND OLD.rating = 3),
        ratings_4 = ratings_4 - (OLD.status = 'published' AND OLD.rating = 4),
        ratings_5 = ratings_5 - (OLD.status = 'published' AND OLD.rating = 5)
    WHERE product_id = OLD.product_id;
END;

-- The reviews' triggers alone count: a row begins empty, for a product with a published review and without a row, and
-- each count that changes becomes what an index of that product and rating counts. No client can meet this.
CREATE TRIGGER product_ratings_follow_insert BEFORE INSERT ON product_ratings
WHEN (NEW.ratings_1, NEW.ratings_2, NEW.ratings_3, NEW.ratings_4, NEW.ratings_5) IS NOT (0, 0, 0, 0, 0)
    OR NOT EXISTS (SELECT 1 FROM reviews WHERE product_id = NEW.product_id AND status = 'published')
    OR EXISTS (SELECT 1 FROM product_ratings WHERE product_id = NEW.product_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_ratings_follow_reviews');
END;

CREATE TRIGGER product_ratings_follow_update BEFORE UPDATE ON product_ratings
WHEN NEW.product_id <> OLD.product_id
    OR (NEW.ratings_1, NEW.ratings_2, NEW.ratings_3, NEW.ratings_4, NEW.ratings_5)
    IS (OLD.ratings_1, OLD.ratings_2, OLD.ratings_3, OLD.ratings_4, OLD.ratings_5)
    OR (
        NEW.ratings_1 <> OLD.ratings_1
        AND NEW.ratings_1 <> (
            SELECT count(*) FROM reviews WHERE product_id = NEW.product_id AND rating = 1 AND status = 'published'
        )
    )
    OR (
        NEW.ratings_2 <> OLD.ratings_2
        AND NEW.ratings_2 <> (
            SELECT count(*) FROM reviews WHERE product_id = NEW.product_id AND rating = 2 AND status = 'published'
        )
    )
    OR (
        NEW.ratings_3 <> OLD.ratings_3
        AND NEW.ratings_3 <> (
            SELECT count(*) FROM reviews WHERE product_id = NEW.product_id AND rating = 3 AND status = 'published'
        )
    )
    OR (
        NEW.ratings_4 <> OLD.ratings_4
        AND NEW.ratings_4 <> (
            SELECT count(*) FROM reviews WHERE product_id = NEW.product_id AND rating = 4 AND status = 'published'
        )
    )
    OR (
        NEW.ratings_5 <> OLD.ratings_5
        AND NEW.ratings_5 <> (
            SELECT count(*) FROM reviews WHERE product_id = NEW.product_id AND rating = 5 AND status = 'published'
        )
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_ratings_follow_reviews');
END;

CREATE TRIGGER product_ratings_follow_delete BEFORE DELETE ON product_ratings
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_ratings_follow_reviews');
END;

-- Who found a review helpful; once each, and not the one who wrote it.
CREATE TABLE review_votes (
    review_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    -- The review's customer, by key: so a CHECK can tell one's own.
    author_id INTEGER NOT NULL,
    voted_at TEXT NOT NULL,
    CONSTRAINT review_votes_pkey PRIMARY KEY (review_id, customer_id),
    CONSTRAINT review_votes_review_id_fkey FOREIGN KEY (review_id, author_id)
    REFERENCES reviews (review_id, customer_id) ON DELETE CASCADE,
    CONSTRAINT review_votes_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT review_votes_voted_at_type CHECK (
        voted_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND voted_at BETWEEN '1970' AND '9999'
        AND voted_at IS date(substr(voted_at, 1, 19), '+0 days') || substr(voted_at, 11)
    ),
    CONSTRAINT review_votes_not_own CHECK (customer_id <> author_id)
) STRICT;

CREATE INDEX review_votes_customer_id_idx ON review_votes (customer_id);

CREATE TRIGGER review_votes_frozen_update BEFORE UPDATE ON review_votes
BEGIN
    SELECT RAISE(ABORT, 'lumia:review_votes_frozen');
END;

-- INSERT OR REPLACE, which deletes without a DELETE trigger, is refused by reviews_votes_counted_update.
CREATE TRIGGER review_votes_count_insert AFTER INSERT ON review_votes
BEGIN
    UPDATE reviews
    SET helpful_votes = helpful_votes + 1
    WHERE review_id = NEW.review_id;
END;

CREATE TRIGGER review_votes_count_delete AFTER DELETE ON review_votes
BEGIN
    -- A deleted review has gone before its votes.
    UPDATE reviews
    SET helpful_votes = helpful_votes - 1
    WHERE review_id = OLD.review_id;
END;
