"""The commands on files of a book."""
