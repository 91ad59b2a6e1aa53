"""The underwriter's dossier: each control from every side, and what the insurer knew, and when."""

from ringwall.desk.views.dossier.page import DossierPage, dossier_page

__all__ = ["DossierPage", "dossier_page"]
