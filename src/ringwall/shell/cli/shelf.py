"""What the commands read from the catalogue: a product version by its name or from a folder, the model, the rules.

Beside the product, which most commands need, each room is loaded by what is read for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ringwall.product import Product, parse_product, with_base
from ringwall.shell.cli.reading import read_texts
from ringwall.shell.cli.refused import Refused, good, no
from ringwall.shell.cli.tools import Tools

if TYPE_CHECKING:
    from ringwall.evidence import Control, Rules
    from ringwall.price import FiledRates
    from ringwall.risk import RiskModel
    from ringwall.treaty import Programme
    from ringwall.underwriting import Questionnaire

DEFAULT_PRODUCT = "enterprise-cyber/2026-01"
MODEL = "2026-01"


def product_names(tools: Tools) -> tuple[str, ...]:
    """Every product version of the catalogue as `code/version`."""
    heads = ("/product.yaml", "/variant.yaml")
    return tuple(path.rpartition("/")[0] for path in tools.catalogue("products") if path.endswith(heads))


def product_texts(tools: Tools, name: str, folder: Path | None = None) -> Mapping[str, str]:
    """The texts of one product version, from the folder where one is given."""
    if folder is not None:
        return _with_base(tools, read_texts(folder))
    known = product_names(tools)
    if name not in known:
        raise no(
            "product_unknown",
            name,
            zh=f"目录中没有产品版本「{name}」；可用：{'、'.join(known)}。",
            en=f"The catalogue has no product version “{name}”; use one of: {', '.join(known)}.",
        )
    return _with_base(tools, tools.catalogue("products", *name.split("/")))


def _with_base(tools: Tools, texts: Mapping[str, str]) -> Mapping[str, str]:
    """A variant names its base, which is read from the catalogue."""
    return with_base(texts, lambda name: tools.catalogue("products", *name.split("/")))


def further_examples(tools: Tools, name: str) -> Mapping[str, str]:
    """Worked examples of the catalogue that came after the version was filed."""
    return tools.catalogue("examples", *name.split("/")) if name in product_names(tools) else {}


def load_product(tools: Tools, name: str, folder: Path | None = None) -> Product:
    return good(parse_product(product_texts(tools, name, folder)))


def load_products(tools: Tools) -> dict[tuple[str, str], Product]:
    found = [load_product(tools, name) for name in product_names(tools)]
    return {(product.code, product.version): product for product in found}


def load_model(tools: Tools) -> RiskModel:
    from ringwall.risk import parse_model

    return good(parse_model(tools.catalogue("models", MODEL)))


def load_rates(tools: Tools, product: Product) -> FiledRates:
    """The rates that were filed with the product version."""
    from ringwall.price import read_rates

    name = f"{product.code}-{product.version}.yaml"
    _text(tools, "rates", name)
    return good(read_rates(tools.catalogue("rates"), name))


def load_rules(tools: Tools) -> Rules:
    from ringwall.evidence import parse_rules

    return good(parse_rules(*_text(tools, "controls", "checks.yaml")))


def load_controls(tools: Tools) -> tuple[Control, ...]:
    from ringwall.evidence import parse_controls

    return good(parse_controls(*_text(tools, "controls", "controls.yaml")))


def load_programme(tools: Tools) -> Programme:
    from ringwall.treaty import read_programme

    return good(read_programme(*_text(tools, "book", "treaties.yaml")))


def load_questionnaire(tools: Tools) -> Questionnaire:
    from ringwall.underwriting import parse_questionnaire

    questionnaire, faults = parse_questionnaire(*_text(tools, "questions", "enterprise.yaml"))
    if questionnaire is None:
        raise Refused(*faults)
    return questionnaire


def _text(tools: Tools, folder: str, name: str) -> tuple[str, str]:
    """A file's text and its name."""
    texts = tools.catalogue(folder)
    if name not in texts:
        raise no(
            "catalogue_file_missing",
            f"{folder}/{name}",
            zh=f"目录缺少文件 {folder}/{name}；请恢复该文件，或改用有此文件的产品版本。",
            en=f"The catalogue lacks {folder}/{name}; restore it, or name a product version that has it.",
        )
    return texts[name], name
