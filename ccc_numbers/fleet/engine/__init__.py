"""The one place that runs Pulumi: its CLI, its Automation API, its events and outputs."""
