"""What every request asks the database for: statements that are composed and planned once."""
