"""Proving control and giving consent."""
