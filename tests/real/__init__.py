"""Real programs ask and serve: `make clients`, `hosting`, `webspace`, `dns`, `world` run this."""
