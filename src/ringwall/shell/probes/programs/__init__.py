"""Programs of others that look for us: each sees one door that the gate keeps, never the insured's address."""
