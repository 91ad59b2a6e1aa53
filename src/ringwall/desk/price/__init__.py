"""Quoting, and pricing again as somebody moves a limit or mends a weakness."""
