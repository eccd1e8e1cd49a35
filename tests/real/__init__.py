"""Real programs ask and serve: `make clients`, `hosting`, `webspace` and `dns` run this."""
