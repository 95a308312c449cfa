"""Alembic revisions, run by `store.engine` when an older database is opened."""
