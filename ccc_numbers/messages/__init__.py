"""Text on its way to a person: cleaned once, then escaped for the medium it leaves by. Knows no other room."""
