"""The names of the answers that have a schema: light, for the help and the shell's completion."""

from enum import StrEnum


class Answers(StrEnum):
    """Verbs that answer in JSON, and the stack file itself."""

    STACK = "stack"
    ADOPT = "adopt"
    APPLY = "apply"
    CHECK = "check"
    DESTROY = "destroy"
    DRIFT = "drift"
    HEAL = "heal"
    MATRIX = "matrix"
    MOVE = "move"
    NUMBERS = "numbers"
    ORDERS = "orders"
    ORDERS_NEXT = "orders-next"
    PLAN = "plan"
    PROBE = "probe"
    REBASE = "rebase"
    REPORT = "report"
    UPGRADE = "upgrade"
    VENDORS = "vendors"
