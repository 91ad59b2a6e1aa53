"""Drift since binding, written notices, and what a re-test does to the premium."""
