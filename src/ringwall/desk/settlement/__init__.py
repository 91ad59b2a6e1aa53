"""Premium and claims in the books of every insurer on the panel."""
