"""What a person does in each mail program, step by step, as data.

`guides.toml` has a guide a program, and what to do if it does not work, in French and English, with
the source of each. The page for people shows them.
"""
