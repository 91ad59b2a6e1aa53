"""Probes of the web: what a server shows to anybody, and how it speaks TLS."""
