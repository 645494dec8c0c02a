"""The provider's own configuration; `ccc_numbers.api.settings` reads it."""

from ccc_numbers.provider.model import TEXT, Record, map_of, optional

# not translated: descriptions are the package schema's, which is English

SETTINGS: Record[None] = Record(
    "Provider",
    "Access to one Alibaba Cloud account's call centres. Keys come from the environment, a profile or a role, never from here.",
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
        optional("batchSize", TEXT, "Most numbers one call carries, 1 to 100; 50 when absent."),
        optional("timeouts", TEXT, 'Seconds as JSON: `{"connect": 5, "read": 15, "operation": 60}`.'),
        optional(
            "rate",
            TEXT,
            "Calls per second by API as JSON, where the account's quota differs from the documented one.",
        ),
        optional(
            "account",
            TEXT,
            "Id of the Alibaba Cloud account that the call centres are in: keys of another one are refused before the first "
            "write.",
        ),
        optional(
            "profile",
            TEXT,
            "Profile of the Alibaba Cloud CLI that gives the keys; those of the environment when absent.",
        ),
        optional(
            "assumeRole",
            map_of(TEXT),
            "RAM roles of the account, by name or ARN, in place of a profile: `role` for what writes, `readRole` for what "
            "reads, `externalId`, `oidcProvider`, `sessionName`.",
            secret=True,
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
