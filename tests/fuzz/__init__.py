"""Fuzzing: `corpus` has requests to begin with, `targets` what must hold, `soak` a long run."""
