"""What the feeds say of weaknesses: editions taken, the facts known at an instant, and word to whom they touch."""
