"""Routes of an insurer about its own book: rows and runs, the market's figures, and versions of its loss model."""
