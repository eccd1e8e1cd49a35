"""From a question to an answer, without a web framework."""
