"""What is wrong with a domain, and its cure: from what was seen, and what programs make of it."""
