"""What an update does to a stack, for people and programs: one model, and its forms."""
