"""Putting what was seen on record."""
