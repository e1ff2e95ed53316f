-- The lending desk on SQLite.

CREATE TABLE writers (
    author_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    born_on TEXT
) STRICT;

CREATE TABLE volumes (
    book_id INTEGER PRIMARY KEY AUTOINCREMENT,
    author_id INTEGER NOT NULL REFERENCES writers (author_id),
    editor_id INTEGER REFERENCES writers (author_id),
    public_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    subtitle TEXT,
    isbn TEXT UNIQUE,
    genre TEXT NOT NULL CHECK (genre IN ('novel', 'poetry', 'how_to')),
    price INTEGER NOT NULL CHECK (price BETWEEN -999999999999999 AND 999999999999999),
    list_price INTEGER CHECK (list_price BETWEEN -999999999999999 AND 999999999999999),
    discount INTEGER NOT NULL CHECK (discount BETWEEN 0 AND 1000000),
    pages INTEGER,
    is_lent INTEGER NOT NULL CHECK (is_lent IN (0, 1)),
    published_on TEXT,
    cover BLOB,
    added_at TEXT NOT NULL
) STRICT;

CREATE INDEX volumes_author_id_idx ON volumes (author_id);
CREATE INDEX volumes_added_at_idx ON volumes (added_at, book_id);

CREATE TABLE members (
    member_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    nickname TEXT
) STRICT;

CREATE TABLE loans (
    loan_id INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL REFERENCES volumes (book_id),
    member_id INTEGER NOT NULL REFERENCES members (member_id),
    lent_at TEXT NOT NULL,
    returned_at TEXT,
    fee INTEGER CHECK (fee BETWEEN -999999999999999 AND 999999999999999)
) STRICT;

CREATE INDEX loans_book_id_idx ON loans (book_id);
CREATE INDEX loans_member_id_idx ON loans (member_id, loan_id);
CREATE INDEX loans_open_idx ON loans (loan_id) WHERE returned_at IS NULL;

CREATE TABLE oddities (
    oddity_id INTEGER PRIMARY KEY AUTOINCREMENT,
    binding TEXT NOT NULL CHECK (binding IN ('hard', 'soft', 'spiral')),
    media TEXT NOT NULL CHECK (media IN ('paper', 'disc', 'tape')),
    origin TEXT NOT NULL CHECK (origin IN ('bought')),
    mood TEXT NOT NULL,
    extra TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    weight REAL NOT NULL
) STRICT;

CREATE TABLE settings (
    settings_id INTEGER PRIMARY KEY CHECK (settings_id = 1),
    currency TEXT NOT NULL
) STRICT;

CREATE VIEW open_loans AS
SELECT
    l.loan_id,
    l.book_id,
    l.member_id,
    m.name AS member_name,
    m.nickname
FROM loans AS l
INNER JOIN members AS m ON l.member_id = m.member_id
WHERE l.returned_at IS NULL;

CREATE VIEW book_loans AS
SELECT
    b.book_id,
    b.title,
    l.loan_id,
    l.lent_at
FROM volumes AS b
LEFT JOIN loans AS l ON b.book_id = l.book_id;
