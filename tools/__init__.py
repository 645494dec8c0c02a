"""The tool chain: everything the project needs to run, kept inside the checkout. Standard library only."""
