"""Runs migrations on the connection, and in the transaction, that app.history.db.open holds."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    # SQLite changes a column only by building its table anew.
    render_as_batch=True,
)
context.run_migrations()
