"""A customer's account at OVHcloud, by its API: the services in it, and its DNS zones."""
