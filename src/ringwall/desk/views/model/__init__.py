"""What the portal shows of the loss model."""
