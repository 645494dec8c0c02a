"""What an `up` costs, and whose cost it is: this project beside a provider that does nothing, and beside the others."""
