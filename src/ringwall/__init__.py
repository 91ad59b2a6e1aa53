"""Ringwall: cyber-security insurance as one platform. The rooms are the folders; docs/house.md is the map."""
