"""Text that people read and write: cleaned once and escaped for its medium; files, YAML with places, problems in them."""
