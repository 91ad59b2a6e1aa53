"""The insured's assets: who proved control of them, and under which consent they are looked at."""

from ringwall.desk.views.assets.page import AssetsPage, assets_page

__all__ = ["AssetsPage", "assets_page"]
