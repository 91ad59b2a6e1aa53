"""What is filed with the regulator and what the customer is given: the pack, the booklet, and the lock on both."""
