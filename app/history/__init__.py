"""What was measured before: the database, its pictures, changes over time. No Qt here."""
