"""`make bench`: how fast the program is beside others on the same machine, at the same time.

An absolute figure says more about a machine than about a program, so everything is a ratio to
something plain that is measured in the same round: requests to a file served by nginx, `show` to
the import of Jinja, `export` to a loop that writes. Rounds are interleaved (A B C A B C …); the
median of the rounds' ratios counts, and the lowest and highest stand beside it.

From the bottom up: `measuring` and `processes` know neither servers nor mail; `wrk` loads a server;
`paced` does so with requests that are sent once each; `questions` has what is asked and the right
answers; `servers` starts those that are compared, `zones` the name servers that they ask;
`throughput`, `ways`, `startup`, `commands` and `detection` measure; `report` and `plot` show.
"""
