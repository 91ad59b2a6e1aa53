"""What is watched of an insured between scans, as rows that move or are renewed: live sensors, products at places."""
