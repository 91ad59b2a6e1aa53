"""What another edition changes: clauses, numbers and effects, what losses would have been paid, and a first draft."""
