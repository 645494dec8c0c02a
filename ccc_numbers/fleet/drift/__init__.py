"""Live against declared: what differs, told in every form."""
