"""Dispatching a provider and following its order."""
