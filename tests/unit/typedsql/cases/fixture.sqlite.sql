-- Awkward rows: each column that may be NULL is NULL in one row and is not in another; parents without children.

INSERT INTO writers (author_id, name, born_on) VALUES
    (1, 'Mary Evans', '1819-11-22'),
    (2, '', NULL),
    (3, 'Nobody''s author', '1970-01-01');
INSERT INTO volumes (
    book_id, author_id, editor_id, public_id, title, subtitle, isbn, genre, price, list_price, discount, pages, is_lent,
    published_on, cover, added_at
) VALUES
    (1, 1, 2, '00000000-0000-0000-0000-000000000001', 'Middlemarch', 'A Study', '978-1', 'novel', 125000, 150000, 250000, 880, 1, '1871-12-01', x'00ff', '2024-01-02T03:04:05.000006Z'),
    (2, 1, NULL, '00000000-0000-0000-0000-000000000002', '', NULL, NULL, 'poetry', 0, NULL, 0, NULL, 0, NULL, NULL, '1970-01-01T00:00:00.000000Z'),
    (3, 2, 2, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'Ties', NULL, '978-3', 'how_to', 999999999999999, -1, 1000000, 0, 0, NULL, NULL, '2024-01-02T03:04:05.000006Z'),
    (4, 3, NULL, '00000000-0000-0000-0000-000000000004', 'Never lent', NULL, NULL, 'how_to', 10000, NULL, 1, 1, 0, NULL, NULL, '9998-12-31T23:59:59.999999Z');
INSERT INTO members (member_id, name, nickname) VALUES (1, 'Ada', 'A'), (2, 'Bob', NULL), (3, 'Never lends', NULL);
INSERT INTO loans (loan_id, book_id, member_id, lent_at, returned_at, fee) VALUES
    (1, 1, 1, '2024-01-02T03:04:05.000006Z', '2024-02-02T00:00:00.000000Z', 15000),
    (2, 1, 2, '2024-03-01T00:00:00.000000Z', NULL, NULL),
    (3, 2, 1, '2024-03-01T00:00:00.000000Z', NULL, 0);
INSERT INTO shelves (shelf_id, label, note) VALUES (1, 'A', NULL), (2, 'B', 'by the window');
INSERT INTO oddities (oddity_id, binding, media, origin, mood, extra, noted_at, weight) VALUES
    (1, 'hard', 'paper', 'bought', 'calm', '{"text": "x", "price": "1"}', '2024-01-02T03:04:05.000006Z', 1.5);
INSERT INTO settings (settings_id, currency) VALUES (1, 'GBP');
INSERT INTO authors (author_id, name, pen_name, born_year) VALUES
    (1, 'Mary Evans', 'George Eliot', 1819),
    (2, '', NULL, NULL),
    (3, 'Wrote nothing', NULL, NULL);
INSERT INTO books (
    book_id, author_id, shelf_id, title, subtitle, isbn, price, sale_price, genre, pages, is_listed, added_at, sold_out_at
) VALUES
    (1, 1, 1, 'Middlemarch', 'A Study', '978-1', 125000, 99900, 'novel', 880, 1, '2024-01-02T03:04:05.000006Z', '2024-05-01T00:00:00.000000Z'),
    (2, 1, NULL, '', NULL, NULL, 0, NULL, 'poetry', NULL, 0, '1970-01-01T00:00:00.000000Z', NULL),
    (3, 2, 2, 'Ties', NULL, '978-3', 10000, NULL, 'how_to', 0, 1, '2024-01-02T03:04:05.000006Z', NULL),
    (4, 2, NULL, 'Never sold', NULL, NULL, 10000, NULL, 'how_to', 1, 1, '9998-12-31T23:59:59.999999Z', NULL);
INSERT INTO readers (reader_id, name, email, referred_by) VALUES
    (1, 'Ada', 'ada@example.com', NULL),
    (2, 'Bob', NULL, 1),
    (3, 'Reads nothing', NULL, NULL);
INSERT INTO sales (sale_id, book_id, reader_id, quantity, amount, discount, sold_at) VALUES
    (1, 1, 1, 2, 250000, 5000, '2024-01-02T03:04:05.000006Z'),
    (2, 1, NULL, 1, 125000, NULL, '2024-01-02T03:04:05.000006Z'),
    (3, 2, 2, 0, 0, NULL, '2024-03-01T00:00:00.000000Z');
INSERT INTO reviews (book_id, reader_id, stars, body) VALUES (1, 1, 5, 'Long.'), (1, 2, 1, NULL);
