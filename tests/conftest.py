"""The default run draws the same examples every time; the slow one (`pytest -m slow`) draws new ones."""

import pytest
from hypothesis import settings

settings.register_profile("every day", derandomize=True, deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    if "not slow" in (config.option.markexpr or ""):
        settings.load_profile("every day")
