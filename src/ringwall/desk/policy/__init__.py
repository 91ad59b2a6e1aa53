"""Receiving the premium, binding, and changing the premium within the term."""
