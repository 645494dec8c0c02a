"""The vendors of numbers: their catalogue, the rules of an order, the ledger, cost, the application papers."""
