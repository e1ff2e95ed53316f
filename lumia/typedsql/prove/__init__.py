"""Proofs by parsing, for what no engine tells: NULL through joins, ties in an order, texts that mean two things."""
