"""The loops of the simulation, in the part of Python that a compiler of loops can read."""
