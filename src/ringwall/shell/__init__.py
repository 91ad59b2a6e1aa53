"""The only rooms with windows: database, network, files, terminal and clock; they do not know each other."""
