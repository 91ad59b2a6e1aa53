"""Reporting an incident: its grade under each scheme and the reports that are due."""
