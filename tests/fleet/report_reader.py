"""Somebody who has a report open in a real browser, from disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Request

from ccc_numbers.fleet.report.render import pages
from ccc_numbers.fleet.report.write import publish
from tests.fleet.report_world import large_site, site_of, world


@dataclass(frozen=True)
class Folders:
    """Two reports: of a small fleet in which everything has happened, and of ten thousand numbers."""

    small: Path
    large: Path


def write_folders(new_folder: Callable[[str], Path]) -> Folders:
    """Both, written before a browser starts: its thread has an event loop from then on."""
    made = Folders(new_folder("small"), new_folder("large"))
    with world(new_folder("fleet")) as fleet:
        site = site_of(fleet)
    publish(pages(site), made.small)
    publish(pages(large_site()), made.large)
    return made


@dataclass
class Reader:
    """Somebody with the report open from disk. Every error of its scripts, and every request, is kept."""

    page: Page
    folder: Path
    errors: list[str]
    requests: list[str]

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.folder.as_uri()}/{path}")
        return self.page

    @property
    def shown(self) -> str:
        return self.page.inner_text("[data-shown]")

    def column(self, heading: str) -> list[str]:
        """The first line of each cell of one column."""
        headings = [text.strip() for text in self.page.locator("table.numbers thead th").all_inner_texts()]
        cells = self.page.locator(f"table.numbers tbody tr > :nth-child({headings.index(heading) + 1})")
        return [text.split("\n")[0] for text in cells.all_inner_texts()]


def reading(browser: Browser, folder: Path) -> Iterator[Reader]:
    """A reader of one report; when it is put away, no script has failed and nothing was fetched from elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    reader = Reader(context.new_page(), folder, [], [])
    reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
    reader.page.on("console", lambda said: reader.errors.append(said.text) if said.type == "error" else None)

    def asked(request: Request) -> None:
        reader.requests.append(request.url)

    reader.page.on("request", asked)
    yield reader
    context.close()
    assert reader.errors == []
    assert [url for url in reader.requests if not url.startswith((folder.as_uri(), "data:"))] == []
