"""`ccc-numbers orders` and `vendors`: the ledger with the numbers CCC holds, and the catalogue."""
