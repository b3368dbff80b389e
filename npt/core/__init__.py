"""What every context stands on: the database, authority, periods of time, errors. No Flask, no domain."""
