"""Migrations: every step from one schema to the next, run by lib.storage.schema."""
