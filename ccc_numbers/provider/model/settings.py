"""The provider's own configuration; `ccc_numbers.api.settings` reads it."""

from ccc_numbers.provider.model import TEXT, Record, optional

SETTINGS: Record[None] = Record(
    "Provider",
    "Access to one Alibaba Cloud account's call centres. Credentials come from the environment, never from here.",
    (
        optional(
            "region", TEXT, "Region of the call centres; `cn-shanghai` when absent.", environment="CCC_REGION"
        ),
        optional(
            "endpoint",
            TEXT,
            "Another endpoint than the region's: a host of CCC, one of this machine, one that `CCC_ALLOWED_HOSTS` names, or "
            "`embedded` for the simulator.",
            environment="CCC_ENDPOINT",
        ),
        optional(
            "simulatorSeed",
            TEXT,
            "Seed file of the embedded simulator inside the project, read when its state is new.",
        ),
        optional(
            "simulatorState",
            TEXT,
            "State file of the embedded simulator inside the project; `CCC_SIMULATOR_STATE` or "
            "`.simulator/<seed>.sqlite3` when absent.",
        ),
        optional("batchSize", TEXT, "Most numbers one call carries, 1 to 100; 20 when absent."),
        optional("timeouts", TEXT, 'Seconds as JSON: `{"connect": 5, "read": 15, "operation": 60}`.'),
        optional(
            "rate",
            TEXT,
            "Calls per second by API as JSON, where the account's quota differs from the documented one.",
        ),
        optional(
            "rateAccount",
            TEXT,
            "Name of the account whose rate budget is shared; the access key's when absent.",
            environment="CCC_RATE_ACCOUNT",
        ),
        optional(
            "rateBudgetUrl",
            TEXT,
            "Where the rate budget is shared between processes: `memory://`, or `file:///…` inside the project. An address "
            "goes into `CCC_RATE_BUDGET_URL`, never here.",
        ),
    ),
)
