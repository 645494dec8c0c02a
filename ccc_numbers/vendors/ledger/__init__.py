"""The order ledger: where every purchase stands, what it costs, when it ends, and what is wrong with it.

Pure: declarations and, where somebody looked, CCC's numbers go in; rows, findings and files come out.
"""

from ccc_numbers.vendors.ledger.build import LAPSING_DAYS, ledger, unique
from ccc_numbers.vendors.ledger.export import as_csv, as_ics, as_json
from ccc_numbers.vendors.ledger.model import Ledger, LedgerFinding, LedgerKind, LedgerOrder
from ccc_numbers.vendors.stack_orders import StackOrders

__all__ = [
    "LAPSING_DAYS",
    "Ledger",
    "LedgerFinding",
    "LedgerKind",
    "LedgerOrder",
    "StackOrders",
    "as_csv",
    "as_ics",
    "as_json",
    "ledger",
    "unique",
]
