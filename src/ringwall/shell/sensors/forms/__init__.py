"""Other sensors' files in the shape of EVE: line by line, so that counts, indicators and privacy are the same."""

from ringwall.shell.sensors.forms.family import FORMS, translate

__all__ = ["FORMS", "translate"]
