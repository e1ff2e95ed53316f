"""Lumia's own query files, their contract, and the protocols that are written from it."""
