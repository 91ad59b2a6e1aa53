"""Every product version of the catalogue, and the endorsements beside them, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ringwall.catalogue import read_folder
from ringwall.product import Product, ProductReport, check_product, whole_texts


def names() -> tuple[str, ...]:
    heads = ("/product.yaml", "/variant.yaml")
    return tuple(sorted(path.rpartition("/")[0] for path in read_folder("products") if path.endswith(heads)))


def texts(name: str) -> Mapping[str, str]:
    return whole_texts(name, lambda folder: read_folder("products", *folder.split("/")))


def is_variant(name: str) -> bool:
    return "variant.yaml" in texts(name)


@cache
def report(name: str) -> ProductReport:
    return check_product(texts(name), read_folder("examples", *name.split("/")))


def product(name: str) -> Product:
    found = report(name).product
    assert found, report(name).refusals
    return found


def endorsement_texts(name: str) -> Mapping[str, str]:
    """An endorsement, a draft laid over its filed base."""

    def read(folder: str) -> Mapping[str, str]:
        code, version = folder.split("/")
        return read_folder("endorsements", code, version) or read_folder("products", code, version)

    return whole_texts(f"{name}/2026-07", read)


@cache
def endorsement_report(name: str) -> ProductReport:
    return check_product(endorsement_texts(name))
