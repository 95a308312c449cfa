"""The database: SQLAlchemy Core behind the office's ports. SQLite by default; the statements stay portable."""
