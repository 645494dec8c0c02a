"""Stands between a client and a real endpoint: forwards, records, and compares each answer with the model's own."""
