"""Real programs ask, serve and show: `make clients`, `hosting`, `webspace` and others run this."""
