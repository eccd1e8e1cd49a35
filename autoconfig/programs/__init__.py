"""Mail programs, as data: what each asks, in its order, and how it reads and chooses.

`programs.toml` has a row a program, with the source of each statement. `check` plays them, the
tests ask what they ask, and `docs/clients.md` and the README show the table.
"""
