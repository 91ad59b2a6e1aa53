"""The enterprise product under its own schedule, and the shared scenario A."""

from __future__ import annotations

from typing import Any

import pytest
from enterprise import compiled, enterprise, shared_scenario

from ringwall.product import Product
from ringwall.terms import CompiledTerms


@pytest.fixture(scope="session")
def product() -> Product:
    return enterprise()


@pytest.fixture(scope="session")
def terms(product: Product) -> CompiledTerms:
    return compiled(product)


@pytest.fixture(scope="session")
def scenario_a() -> dict[str, Any]:
    found = shared_scenario("A")
    if found is None:
        pytest.skip("the shared scenarios are not beside the project")
    return found
