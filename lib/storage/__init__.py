"""Everything at rest: tables, engine, migrations, queries (reads) and records (writes)."""
