"""The market's figures, published under a privacy floor."""
