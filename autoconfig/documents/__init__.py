"""What is written about a service."""
