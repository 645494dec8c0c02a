"""A drift report for people and machines, one module for each form."""
