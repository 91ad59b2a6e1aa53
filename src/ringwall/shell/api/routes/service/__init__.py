"""Routes of services: what may be ordered, the orders, and how providers keep their times."""
