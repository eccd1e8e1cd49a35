"""Hostile requests: whatever is sent, the answer keeps the contract of `answered`."""
