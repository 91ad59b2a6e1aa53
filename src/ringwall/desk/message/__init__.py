"""Messages: they are opened, carried out of the house, and start the clocks of those who sent them."""
