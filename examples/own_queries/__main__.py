"""Queries and a table of one's own beside Lumia's, in its transactions: `python -m examples.own_queries [URL]`."""

import sys
from pathlib import Path

import lumia
from examples.own_queries import dtos
from examples.own_queries.queries.protocols import Queries
from lumia.dto import NewCustomer

HERE = Path(__file__).parent
URL = sys.argv[1] if len(sys.argv) > 1 else "sqlite:///:memory:"

with lumia.connect(URL, create=True, migrations=HERE / "migrations") as shop:
    with shop.transaction() as tx:
        mine: Queries = tx.queries(HERE / "queries", dtos)
        customer = tx.customers.register(NewCustomer(email="ada@example.com", first_name="Ada"))
        mine.notes.put_note(customer_id=customer.customer_id, note="likes tea")
    mine = shop.queries(HERE / "queries", dtos)
    for row in mine.notes.list_customers(after_id=0, noted="likes tea", max_rows=10):
        print(f"{row.first_name}: {row.note}")
