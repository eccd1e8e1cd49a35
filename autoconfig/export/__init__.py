"""Files for web space: `files` writes them, and each kind of web space is a module.

`ispdb` is no web space, but Mozilla's public database.
"""
