"""What can be known of a product before it is filed: lints, proofs over every case, and what its examples notice."""
