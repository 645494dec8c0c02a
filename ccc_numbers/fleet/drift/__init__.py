"""Drift: the differences between CCC and the stack files, found, written in every form, and healed."""
