"""Files for web space."""
