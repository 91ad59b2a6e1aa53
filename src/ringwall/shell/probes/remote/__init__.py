"""Probes of remote access: services through which someone could work on the host from afar."""
