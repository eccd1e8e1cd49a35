"""The pages for people in Chromium, and a person's walk from one of them to a set-up program."""
