"""The numbers that bound a server; each has its reason beside it."""

HEADER_SECONDS = 10
"""The time that a client has for its request line and headers, and to stay idle."""
MAX_HEADER = 16 * 1024
"""Bytes of request line and headers together."""
CONNECTIONS = 4096
"""Connections of one worker; more wait to be accepted."""
ANSWER_SECONDS = 30
"""The time without an answer that goes out, after which a connection is ended."""
CROWDED_SECONDS = 2
"""The same while most connections are taken, or all threads for bodies; a look-up takes 1.5 s."""
UNTAKEN = 16 * 1024
"""Bytes of answers that the kernel keeps for a client (Linux doubles them): more than one has."""
THREADS = 512
"""Requests that one worker answers at once, each in a thread."""
ALL_THREADS = 4096
"""The same for all workers: with many processors each has fewer."""
LEAST_THREADS = 4
"""The same where the system gives no more: with fewer a worker does not start."""
OWN_THREADS = 13
"""Threads of a worker that answer no requests."""
BODIES = 70
"""Of a hundred threads those that may wait for bodies; a POST beyond them gets 503."""
LOOKUPS = 50
"""Of a hundred of the other threads those that may wait for the DNS; a request beyond gets 503."""
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
