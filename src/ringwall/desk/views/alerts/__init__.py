"""The alert centre: one list over everything that a person may see."""

from ringwall.desk.views.alerts.page import AlertLine, AlertsPage, AlertWish, alerts_page

__all__ = ["AlertLine", "AlertWish", "AlertsPage", "alerts_page"]
