"""What `ccc-numbers orders` and `vendors` show: the ledger beside what CCC holds, the catalogue."""
