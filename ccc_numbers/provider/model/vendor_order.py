"""The properties of `ccc:index:VendorOrder`."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from ccc_numbers.provider.model import (
    COUNT,
    FLAG,
    TEXT,
    TEXTS,
    Choice,
    Compared,
    Model,
    Record,
    always,
    list_of,
    map_of,
    optional,
    required,
)
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.orders import Order, Stage
from ccc_numbers.vendors.progress import Counts, next_step, observed_stage

# not translated: descriptions are the package schema's, which is English


@dataclass(frozen=True)
class Seen:
    """An order, and how many of its numbers were seen in CCC."""

    order: Order
    entry: Entry | None
    counts: Counts
    today: date


_STAGE = Choice(
    "Stage",
    "How far a vendor order has come.",
    {
        Stage.INTENDED: "Meant to be bought.",
        Stage.PAID: "Paid on the cloud marketplace.",
        Stage.SUBMITTED: "Materials handed in.",
        Stage.OPENED: "Opened by the carrier.",
        Stage.IMPORTED: "Imported into CCC by support.",
    },
)
MATERIAL: Record[None] = Record(
    "Material",
    "A paper handed in.",
    (
        required("path", TEXT, "The file, from the stack's folder."),
        optional("sha256", TEXT, "SHA-256 of the file, hexadecimal; absent while there is no such file."),
    ),
)

_COUNTS = {
    "declared": "Declared numbers on the order.",
    "pending": "Of these, not in CCC yet when last looked.",
    "imported": "Of these, in CCC when last looked.",
    "bound": "Of these, in their declared instance when last looked.",
}

MODEL: Model[Seen] = Model(
    "VendorOrder",
    "One purchase of numbers from a vendor, with its metadata, materials, stage and term. CCC knows nothing of it but its "
    "numbers.",
    (
        required("key", TEXT, "The order's own key; numbers name it."),
        required("vendor", TEXT, "Who sells it, as the catalogue calls the vendor. Cannot be changed."),
        required("product", TEXT, "The catalogue's key of the product."),
        required(
            "stage",
            _STAGE.type,
            "How far the order has come, as people say. Goes forward only, unless `reopen`.",
        ),
        required("quantity", COUNT, "How many numbers were bought."),
        optional("regions", TEXTS, "Where the numbers are from.", compared=Compared.AS_SET),
        optional("calledRegions", TEXTS, "Where they will call.", compared=Compared.AS_SET),
        optional("purchased", TEXT, "Day of purchase, YYYY-MM-DD."),
        optional("since", TEXT, "Day the stage was reached, YYYY-MM-DD."),
        optional("term", TEXT, "How long it runs: `1y`, `6m`, `30d`."),
        optional("prepaid", TEXT, "Prepaid call charges in CNY, a decimal."),
        optional("prepaidPer", TEXT, "What they are for: `order`, or each `number`; the order when absent."),
        optional(
            "rates",
            map_of(TEXT),
            "Prices quoted for this order in CNY, decimals: rent, inbound, outbound, minimumSpend.",
        ),
        optional("expectedMinutes", COUNT, "Minutes a month the order is priced with."),
        optional("minutesByWay", map_of(TEXT), "Of these, `inbound` and `outbound`, where it is known."),
        optional("orderId", TEXT, "The cloud marketplace's order id."),
        optional("scene", TEXT, "What the numbers are used for (呼叫场景)."),
        optional("company", TEXT, "The company the numbers are registered to."),
        optional("contact", map_of(TEXT), "Who speaks for the order: name, phone, email, dingtalk."),
        optional("invoiceTitle", TEXT, "Title of the invoice (发票抬头)."),
        optional(
            "invoice", map_of(TEXT), "The VAT invoice: number, and the day it was received, YYYY-MM-DD."
        ),
        optional(
            "renewals",
            list_of(map_of(TEXT)),
            "Terms it was renewed for, the oldest first: purchased, term, prepaid, orderId.",
        ),
        optional("owner", TEXT, "Who answers for the order."),
        optional("materials", map_of(MATERIAL.type), "What was handed in, by kind of paper."),
        optional("notes", TEXT, "Anything else."),
        optional("reopen", FLAG, "Allow the stage to go back once."),
        optional(
            "numbers",
            TEXTS,
            "The declared numbers on this order, each as INSTANCE/NUMBER.",
            compared=Compared.AS_SET,
        ),
        optional(
            "catalogue",
            TEXT,
            "The stack's own catalogue file, from the project's folder; the built-in one when absent.",
        ),
        optional("monthlyCost", TEXT, "Cost of an average month in CNY, a decimal."),
        optional("firstYearCost", TEXT, "Cost of the first twelve months in CNY, a decimal."),
        *(
            always(f"{name}Count", COUNT, doc, live=attrgetter(f"counts.{name}"))
            for name, doc in _COUNTS.items()
        ),
        always(
            "observedStage",
            _STAGE.type,
            "The stage by what CCC shows: an opened order whose numbers are all there has been imported.",
            live=lambda seen: str(observed_stage(seen.order, seen.counts)),
        ),
        always(
            "expires",
            TEXT,
            "First day the term no longer covers, blank when unknown.",
            live=lambda seen: str(seen.order.expires or ""),
        ),
        always(
            "nextStep",
            TEXT,
            "Who has to do what next.",
            # In English, whoever runs it: a language changes no state.
            live=lambda seen: str(next_step(seen.order, seen.entry, seen.today, seen.counts)),
        ),
    ),
    by_mapping=True,
)
