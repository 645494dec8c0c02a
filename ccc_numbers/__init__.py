"""Phone numbers of Alibaba Cloud Call Center as code."""

__version__ = "0.1.0"
"""Of the wheel, the command, the plugin and the schema: nowhere else is it written by hand."""
