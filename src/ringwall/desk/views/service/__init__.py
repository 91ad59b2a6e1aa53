"""What the pages of services show: orders by their clocks, one order, what a policy includes, a provider's record."""
