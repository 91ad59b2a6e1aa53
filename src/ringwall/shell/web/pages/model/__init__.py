"""The pages of the loss model."""
