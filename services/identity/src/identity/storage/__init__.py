"""The service's own database: tables, repositories, the unit of work, migrations."""
