"""HTTP, as WSGI (PEP 3333) has it."""
