"""Takes numbers that people bound in CCC's console under a stack's control, without writing to CCC."""
