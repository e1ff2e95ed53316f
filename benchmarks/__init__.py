"""Benchmarks: every Lumia operation beside the same SQL on the bare driver and beside SQLAlchemy's ORM."""
