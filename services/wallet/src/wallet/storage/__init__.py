"""PostgreSQL: tables, and what the use cases' ports mean in SQL."""
