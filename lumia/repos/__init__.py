"""Repositories: one class per aggregate, a method is one query call or one unit of work."""
