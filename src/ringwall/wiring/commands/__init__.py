"""The commands that open the house: serve, and those that act in a person's name (watch, feeds, hand-in)."""
