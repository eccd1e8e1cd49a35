"""Files for web space: `files` writes them, and each kind of web space is a module."""
