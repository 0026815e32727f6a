"""What holds for the tests of pages and their parts."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def one_search_for_components() -> Iterator[None]:
    """Streamlit's test of an app looks through all that is installed for components, each time anew."""
    with pytest.MonkeyPatch.context() as patch:
        found_once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found_once)
        yield
