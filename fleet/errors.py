"""How a verb ends early."""


class FleetError(Exception):
    """The verb could not do its work: configuration, credentials, network. One line; exit code 2."""
