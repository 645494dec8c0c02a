"""Finds out how CCC behaves where its documentation is silent: by reading, and on one number given for it."""
