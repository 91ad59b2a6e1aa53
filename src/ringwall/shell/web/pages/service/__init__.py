"""Pages of services: orders by their clocks, one order, what may be ordered, a provider."""
