"""The pages of an insurer's book: the dashboard of a run, and a simulated year taken apart."""
