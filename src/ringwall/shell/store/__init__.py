"""The PostgreSQL side of every door: the embedded server, migrations, and rows as frozen records."""
