"""The portal: server-rendered pages in two languages; every action is the same use case that the API calls."""

from ringwall.shell.web.portal import make_portal
from ringwall.shell.web.site import Installation, ListedPerson

__all__ = ["Installation", "ListedPerson", "make_portal"]
