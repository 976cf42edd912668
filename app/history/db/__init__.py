"""The database. Nothing else imports SQLAlchemy."""
