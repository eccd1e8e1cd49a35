"""`autoconfig serve`: the application on granian, a WSGI server whose network side is not Python.

Why granian: with a constant Flask answer and two workers on two cores it answers 18,700 requests/s,
gunicorn 9,400 with threads and 6,000 without, waitress 5,000; and a slow header, a slow reader or
an idle connection costs it a little memory and no thread. Its asynchronous interface (RSGI) was
tried: it makes two thirds of the requests/s of the WSGI one with a constant answer, and nine tenths
with ours, on uvloop.

Slow bodies remain, which RSGI would read without a thread. A body is awaited in the thread that
needs it. So there are many threads, as many as the system gives: `threads`. A share of them may
wait for bodies, a POST beyond those is refused at once with 503, and everything else is answered by
the other threads. Behind nginx nothing of this ever happens, since it hands on whole requests. Half
of the others may wait for look-ups in the DNS, which is so behind any server; so some are always
left for what needs neither.

A client that does not send its body to the end, or takes no answer, is ended after a time, and soon
where such clients are many: `connections`.

The configuration is loaded once, in the parent, and the workers are forked from it. On SIGHUP a
process of its own loads it again. If it is good, the parent takes what was loaded, documents and
all, and hands it to the workers, where it takes the old one's place between two requests. A worker
reads no file: neither a configuration that changes while it is loaded, nor a program that is
replaced under the running server, makes workers differ.
"""
