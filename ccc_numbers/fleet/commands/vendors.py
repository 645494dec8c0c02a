"""Show what vendors sell: direction, regions, price, limits, forbidden business, materials.

The figures come from Alibaba Cloud's page on partner numbers; each entry has its source and day. Prices quoted to
one customer are in a file of the same form that the stack names under `catalogue:`.

Examples: `ccc-numbers vendors --direction outbound --business 教育` · `ccc-numbers vendors --region 无锡` · `ccc-numbers
vendors A 400 --output full`

Exit codes: 0 something fits · 1 nothing does · 2 the question cannot be answered.
"""

from typing import Annotated, Literal

from typer import Argument, Exit, Option, echo

from ccc_numbers.fleet import options
from ccc_numbers.fleet.console import err, out
from ccc_numbers.fleet.errors import FleetError
from ccc_numbers.fleet.orders.catalogue_output import as_json, print_full, print_short
from ccc_numbers.fleet.project import find_project
from ccc_numbers.fleet.stacks import sound_stack
from ccc_numbers.messages.language import tr
from ccc_numbers.messages.names import quoted, suggestion
from ccc_numbers.vendors.catalogue import Catalogue, Direction, built_in
from ccc_numbers.vendors.catalogue.select import Need, select
from ccc_numbers.vendors.places import find_place, places_hint


def command(
    vendor: Annotated[str | None, Argument(help="Only this vendor's: A, B, 优音.")] = None,
    product: Annotated[str | None, Argument(help="Only this product: mobile, 400.")] = None,
    direction: Annotated[
        Direction | None, Option("--direction", "-d", help="Products for such calls.")
    ] = None,
    region: Annotated[
        str | None, Option("--region", "-r", help="Products of this city or province: 上海.")
    ] = None,
    business: Annotated[
        str | None, Option("-b", "--business", help="Products that allow this business: 教育. ★ promotes it.")
    ] = None,
    stack: Annotated[str | None, options.stack("With this stack's own prices and products.")] = None,
    form: Annotated[Literal["table", "full", "json"], options.output("A line each, all, or JSON.")] = "table",
    project: options.Project = None,
) -> None:
    catalogue = built_in() if stack is None else sound_stack(find_project(project), stack).catalogue
    _known(catalogue, vendor, product)
    place = None if region is None else find_place(region)
    if region is not None and place is None:
        hint = places_hint(region)
        raise FleetError(
            tr(
                "--region {region}: no such province or city; {hint}"
                if hint
                else "--region {region}: no such province or city",
                region=quoted(region),
                hint=hint,
            )
        )
    need = Need(direction, place, business, vendor, product)
    found = select(catalogue.entries, need)
    if form == "json":
        echo(as_json(found))
    elif found and form == "full":
        print_full(out(), found)
    elif found:
        print_short(out(), found, business)
    if not found:
        err().print(tr("No product of the catalogue fits."))
        raise Exit(1)


def _known(catalogue: Catalogue, vendor: str | None, product: str | None) -> None:
    companies = dict.fromkeys(entry.company for entry in catalogue.entries if entry.company)
    names = [*catalogue.vendors, *companies]
    if vendor is not None and vendor not in names:
        hint = suggestion(vendor, names, "the vendors are")
        raise FleetError(tr("no vendor {vendor}; {hint}", vendor=quoted(vendor), hint=hint))
    products = [entry.product for entry in catalogue.entries if vendor in {entry.vendor, entry.company}]
    known = {*products, *(entry.name for entry in catalogue.entries)}
    if product is not None and product not in known:
        hint = suggestion(product, products, "it sells")
        raise FleetError(
            tr(
                "vendor {vendor} sells no {product}; {hint}",
                vendor=vendor,
                product=quoted(product),
                hint=hint,
            )
        )
