"""This service's database: tables, repositories, migrations."""
