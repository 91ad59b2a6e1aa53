"""From the texts of a folder to the records of a product version: entries with lines, wording, clauses, numbers."""
