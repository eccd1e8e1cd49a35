"""The numbers that bound a server; each has its reason beside it."""

HEADER_SECONDS = 10
"""The time that a client has for its request line and headers, and to stay idle."""
MAX_HEADER = 16 * 1024
"""Bytes of request line and headers together."""
CONNECTIONS = 4096
"""Connections of one worker; more wait to be accepted."""
THREADS = 512
"""Requests that one worker answers at once."""
BODIES = 384
"""Bodies that one worker waits for at once; a POST beyond them gets 503."""
BODY_SECONDS = 10
"""Bodies that take longer make a worker that is full of them be replaced."""
LOAD_SECONDS = 60
"""The time that a new configuration has to load; a million domains take some four seconds."""
STOP_SECONDS = 20
"""The time that requests in flight have after SIGTERM."""
RETRY_SECONDS = 1
"""The pause before a worker is started again, where the system had no process for it."""
SPARE_DEATHS = 3
"""Deaths of one worker in quick succession that do not end the server."""
SPARE_ROWS = 8
"""Extra counter rows, for workers that are still ending while their replacements start."""
