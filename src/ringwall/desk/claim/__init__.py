"""A claim from the first notice to the payment, each step under its clock."""
