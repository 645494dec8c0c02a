"""Fixtures of this room."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.fleet.drift_world import simulator, world
from tests.fleet.real_stack import real
from tests.fleet.real_world import project
from tests.fleet.report_reader import Folders, Reader, reading, write_folders
from tests.support.browser import chromium

__all__ = ["project", "real", "simulator", "world"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The folders of two reports."""
    return write_folders(tmp_path_factory.mktemp)


@pytest.fixture(scope="module")
def browser(folders: Folders) -> Iterator[Browser]:
    """One Chromium for all tests of a file, started once the reports are written."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_report(browser: Browser, folders: Folders) -> Iterator[Reader]:
    """Somebody who reads the report of the small fleet."""
    yield from reading(browser, folders.small)


@pytest.fixture
def open_large(browser: Browser, folders: Folders) -> Iterator[Reader]:
    """Somebody who reads the report of ten thousand numbers."""
    yield from reading(browser, folders.large)
