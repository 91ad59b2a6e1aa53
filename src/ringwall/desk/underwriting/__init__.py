"""Applying, and explaining what takes something away."""
