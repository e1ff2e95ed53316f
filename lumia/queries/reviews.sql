-- name: delete_review_vote(review_id, customer_id)!
-- Take a customer's vote back; a trigger counts it off.
--
-- @param review_id: int
-- @param customer_id: int
-- @returns: none
DELETE FROM review_votes
WHERE review_id = :review_id
    AND customer_id = :customer_id;

-- name: edit_review(review_id, customer_id, rating, title, body, now)^
-- Change the fields of a customer's own review that are given, and let it wait for a moderator again.
--
-- @param review_id: int
-- @param customer_id: int
-- @param rating: int?
-- @param title: text?
-- @param body: text?
-- @param now: timestamp
-- @returns: Review
UPDATE reviews
SET
    rating = coalesce(:rating, rating),
    title = coalesce(:title, title),
    body = coalesce(:body, body),
    status = 'pending',
    moderation_note = '',
    moderated_at = NULL,
    version = version + 1,
    updated_at = :now
WHERE review_id = :review_id
    AND customer_id = :customer_id
RETURNING
    review_id,
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    moderated_at,
    helpful_votes,
    version,
    created_at,
    updated_at;

-- name: get_rating_counts(product_id)^
-- How many published reviews of a product gave which rating, without reading them.
--
-- @param product_id: int
-- @returns: RatingCounts
SELECT
    p.product_id,
    coalesce(r.ratings_1, 0) AS ratings_1,
    coalesce(r.ratings_2, 0) AS ratings_2,
    coalesce(r.ratings_3, 0) AS ratings_3,
    coalesce(r.ratings_4, 0) AS ratings_4,
    coalesce(r.ratings_5, 0) AS ratings_5,
    coalesce(r.reviews, 0) AS reviews,
    coalesce(r.rating_sum, 0) AS rating_sum
FROM products AS p
LEFT JOIN product_ratings AS r ON p.product_id = r.product_id
WHERE p.product_id = :product_id;

-- name: get_review(review_id)^
-- One review by key, whatever became of it.
--
-- @param review_id: int
-- @returns: Review
SELECT
    review_id,
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    moderated_at,
    helpful_votes,
    version,
    created_at,
    updated_at
FROM reviews
WHERE review_id = :review_id;

-- name: insert_review(public_id, customer_id, order_item_id, rating, title, body, now)^
-- Write a review of what a customer bought on a line; no row when they did not.
--
-- @param public_id: uuid
-- @param customer_id: int
-- @param order_item_id: int
-- @param rating: int
-- @param title: text
-- @param body: text
-- @param now: timestamp
-- @returns: Review
INSERT INTO reviews (
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    created_at,
    updated_at
)
SELECT
    :public_id,
    i.order_item_id,
    i.product_id,
    i.customer_id,
    :rating,
    :title,
    :body,
    'pending',
    '',
    :now,
    :now
FROM order_items AS i
WHERE i.order_item_id = :order_item_id
    AND i.customer_id = :customer_id
RETURNING
    review_id,
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    moderated_at,
    helpful_votes,
    version,
    created_at,
    updated_at;

-- name: insert_review_vote(review_id, customer_id, now)!
-- Count a customer's vote for a published review, once.
--
-- @param review_id: int
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
INSERT INTO review_votes (
    review_id,
    customer_id,
    author_id,
    voted_at
)
SELECT
    r.review_id,
    :customer_id,
    r.customer_id,
    :now
FROM reviews AS r
WHERE r.review_id = :review_id
    AND r.status = 'published'
ON CONFLICT (review_id, customer_id) DO NOTHING;

-- name: list_pending_reviews(after_id, max_rows)
-- One page of the reviews that wait for a moderator, oldest first.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: Review
SELECT
    review_id,
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    moderated_at,
    helpful_votes,
    version,
    created_at,
    updated_at
FROM reviews
WHERE status = 'pending'
    AND review_id > :after_id
ORDER BY review_id
LIMIT :max_rows;

-- name: list_published_reviews(product_id, rating, after_rating, after_votes, after_id, max_rows)
-- One page of a product's published reviews: best, worst, most helpful or newest first.
--
-- @param product_id: int
-- @param rating: int
-- @param after_rating: int
-- @param after_votes: int
-- @param after_id: int
-- @param max_rows: int
-- @returns: PublishedReview
SELECT
    r.review_id,
    r.public_id,
    r.product_id,
    c.first_name AS author,
    r.rating,
    r.title,
    r.body,
    r.helpful_votes,
    r.created_at
FROM reviews AS r
INNER JOIN customers AS c ON r.customer_id = c.customer_id
WHERE r.product_id = :product_id
    AND r.status = 'published'
    AND r.rating = :rating --@if rating
    AND r.review_id < :after_id --@if after_id for -review_id
    AND (r.rating, r.review_id) < (:after_rating, :after_id) --@if after_rating, after_id for -rating
    AND (r.rating, r.review_id) > (:after_rating, :after_id) --@if after_rating, after_id for rating
    AND (r.helpful_votes, r.review_id) < (:after_votes, :after_id) --@if after_votes, after_id for -helpful_votes
ORDER BY r.rating DESC, r.review_id DESC --@order -rating|rating|-helpful_votes|-review_id
LIMIT :max_rows;

-- name: moderate_review(review_id, status, note, version, now)^
-- Publish or reject a review, in the version that was read if one is given.
--
-- @param review_id: int
-- @param status: enum:ReviewStatus
-- @param note: text
-- @param version: int
-- @param now: timestamp
-- @returns: Review
UPDATE reviews
SET
    status = :status,
    moderation_note = :note,
    moderated_at = :now,
    updated_at = :now
WHERE review_id = :review_id
    AND version = :version --@if version
RETURNING
    review_id,
    public_id,
    order_item_id,
    product_id,
    customer_id,
    rating,
    title,
    body,
    status,
    moderation_note,
    moderated_at,
    helpful_votes,
    version,
    created_at,
    updated_at;
