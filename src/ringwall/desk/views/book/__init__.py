"""Views of an insurer's book: a run taken apart, and one simulated year down to the payments."""
