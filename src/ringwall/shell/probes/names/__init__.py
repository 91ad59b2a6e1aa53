"""Probes of names: what the DNS says of a domain and of its mail."""
