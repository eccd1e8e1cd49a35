"""Real programs ask and serve: `make clients`, `make hosting` and `make webspace` run this."""
