"""The JSON API: OpenAPI, RFC 9457 problems, idempotency keys; every route is the same use case that the pages call."""

from ringwall.shell.api.app import make_api
from ringwall.shell.api.caller import Readers

__all__ = ["Readers", "make_api"]
