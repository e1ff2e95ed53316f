-- A bookshop on SQLite: what the case files query. shelves stays small, everything else grows.
CREATE TABLE authors (
    author_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    pen_name TEXT UNIQUE,
    born_year INTEGER
) STRICT;

CREATE TABLE shelves (
    shelf_id INTEGER PRIMARY KEY,
    label TEXT NOT NULL UNIQUE,
    note TEXT
) STRICT;

CREATE TABLE books (
    book_id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors (author_id),
    shelf_id INTEGER REFERENCES shelves (shelf_id),
    title TEXT NOT NULL,
    subtitle TEXT,
    isbn TEXT UNIQUE,
    price INTEGER NOT NULL,
    sale_price INTEGER,
    genre TEXT NOT NULL CHECK (genre IN ('novel', 'poetry', 'how_to')),
    pages INTEGER,
    is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
    added_at TEXT NOT NULL,
    sold_out_at TEXT
) STRICT;

CREATE INDEX books_author_id_idx ON books (author_id, book_id);
CREATE INDEX books_shelf_id_idx ON books (shelf_id, book_id);
CREATE INDEX books_added_at_idx ON books (added_at, book_id);

CREATE TABLE readers (
    reader_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    referred_by INTEGER REFERENCES readers (reader_id)
) STRICT;

CREATE INDEX readers_referred_by_idx ON readers (referred_by, reader_id);

CREATE TABLE sales (
    sale_id INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES books (book_id),
    reader_id INTEGER REFERENCES readers (reader_id),
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    discount INTEGER,
    sold_at TEXT NOT NULL
) STRICT;

CREATE INDEX sales_book_id_idx ON sales (book_id, sale_id);
CREATE INDEX sales_reader_id_idx ON sales (reader_id, sale_id);

CREATE TABLE reviews (
    book_id INTEGER NOT NULL REFERENCES books (book_id),
    reader_id INTEGER NOT NULL REFERENCES readers (reader_id),
    stars INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (book_id, reader_id)
) STRICT;

CREATE INDEX reviews_reader_id_idx ON reviews (reader_id, book_id);

CREATE VIEW book_cards AS
SELECT
    b.book_id,
    b.title,
    a.name AS author_name,
    s.label AS shelf_label
FROM books AS b
INNER JOIN authors AS a ON b.author_id = a.author_id
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id;

CREATE VIEW book_totals AS
SELECT
    book_id,
    count(*) AS sales,
    CAST(sum(quantity) AS bigint) AS quantity,
    sum(discount) AS discount
FROM sales
GROUP BY book_id;
