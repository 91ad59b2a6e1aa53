"""Use cases: one file for each thing that a person or the calendar asks for. They load, ask the core, and save."""
