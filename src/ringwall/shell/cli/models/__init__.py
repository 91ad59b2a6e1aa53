"""The commands of an actuary: refit, check, compare and describe a version of the loss model."""
