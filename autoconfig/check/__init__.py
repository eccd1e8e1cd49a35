"""What each mail program will do with an address, and why.

`seen` is what the DNS and the web have said, without opinion. A program of `autoconfig/programs` is
played over it, and its result judged; what is wrong becomes problems, each with its cure.
"""
