"""The properties of `ccc:index:VendorOrder`."""

from dataclasses import dataclass
from datetime import date

from ccc_numbers.provider.model import (
    COUNT,
    FLAG,
    TEXT,
    TEXTS,
    Choice,
    Compared,
    Model,
    Property,
    Record,
    map_of,
)
from ccc_numbers.vendors.catalogue import Entry
from ccc_numbers.vendors.orders import Order, Stage
from ccc_numbers.vendors.progress import Counts, next_step, observed_stage


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
        Property("path", TEXT, "The file, from the stack's folder.", required=True),
        Property("sha256", TEXT, "SHA-256 of the file, hexadecimal; absent while there is no such file."),
    ),
)

MODEL: Model[Seen] = Model(
    "VendorOrder",
    "One purchase of numbers from a vendor, with its metadata, materials, stage and term. CCC knows nothing of it but its "
    "numbers.",
    (
        Property("key", TEXT, "The order's own key; numbers name it.", required=True),
        Property(
            "vendor",
            TEXT,
            "Who sells it, as the catalogue calls the vendor. Cannot be changed.",
            required=True,
        ),
        Property("product", TEXT, "The catalogue's key of the product.", required=True),
        Property(
            "stage",
            _STAGE.type,
            "How far the order has come, as people say. Goes forward only, unless `reopen`.",
            required=True,
        ),
        Property("quantity", COUNT, "How many numbers were bought.", required=True),
        Property("regions", TEXTS, "Where the numbers are from.", compared=Compared.AS_SET),
        Property("calledRegions", TEXTS, "Where they will call.", compared=Compared.AS_SET),
        Property("purchased", TEXT, "Day of purchase, YYYY-MM-DD."),
        Property("since", TEXT, "Day the stage was reached, YYYY-MM-DD."),
        Property("term", TEXT, "How long it runs: `1y`, `6m`, `30d`."),
        Property("prepaid", TEXT, "Prepaid call charges in CNY, a decimal."),
        Property(
            "rates",
            map_of(TEXT),
            "Prices quoted for this order in CNY, decimals: rent, inbound, outbound, minimumSpend.",
        ),
        Property("expectedMinutes", COUNT, "Minutes a month the order is priced with."),
        Property("orderId", TEXT, "The cloud marketplace's order id."),
        Property("scene", TEXT, "What the numbers are used for (呼叫场景)."),
        Property("company", TEXT, "The company the numbers are registered to."),
        Property("contact", map_of(TEXT), "Who speaks for the order: name, phone, email, dingtalk."),
        Property("invoiceTitle", TEXT, "Title of the invoice (发票抬头)."),
        Property("materials", map_of(MATERIAL.type), "What was handed in, by kind of paper."),
        Property("notes", TEXT, "Anything else."),
        Property("reopen", FLAG, "Allow the stage to go back once."),
        Property(
            "numbers",
            TEXTS,
            "The declared numbers on this order, each as INSTANCE/NUMBER.",
            compared=Compared.AS_SET,
        ),
        Property(
            "catalogue",
            TEXT,
            "The stack's own catalogue file, from the project's folder; the built-in one when absent.",
        ),
        Property("monthlyCost", TEXT, "Cost of an average month in CNY, a decimal."),
        Property("firstYearCost", TEXT, "Cost of the first twelve months in CNY, a decimal."),
        Property(
            "declaredCount",
            COUNT,
            "Declared numbers on the order.",
            required=True,
            output=True,
            live=lambda seen: seen.counts.declared,
        ),
        Property(
            "pendingCount",
            COUNT,
            "Of these, not in CCC yet when last looked.",
            required=True,
            output=True,
            live=lambda seen: seen.counts.pending,
        ),
        Property(
            "importedCount",
            COUNT,
            "Of these, in CCC when last looked.",
            required=True,
            output=True,
            live=lambda seen: seen.counts.imported,
        ),
        Property(
            "boundCount",
            COUNT,
            "Of these, in their declared instance when last looked.",
            required=True,
            output=True,
            live=lambda seen: seen.counts.bound,
        ),
        Property(
            "observedStage",
            _STAGE.type,
            "The stage by what CCC shows: an opened order whose numbers are all there has been imported.",
            required=True,
            output=True,
            live=lambda seen: str(observed_stage(seen.order, seen.counts)),
        ),
        Property(
            "expires",
            TEXT,
            "First day the term no longer covers, blank when unknown.",
            required=True,
            output=True,
            live=lambda seen: str(seen.order.expires or ""),
        ),
        Property(
            "nextStep",
            TEXT,
            "Who has to do what next.",
            required=True,
            output=True,
            live=lambda seen: str(next_step(seen.order, seen.entry, seen.today, seen.counts)),
        ),
    ),
    by_mapping=True,
)
