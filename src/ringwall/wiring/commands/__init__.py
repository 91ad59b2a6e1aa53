"""Commands that open the house and act in a person's name: watch a sensor, load feeds, hand in reports."""
