"""What people read and write: text cleaned once and escaped for its medium; files, YAML with places, problems in them."""
