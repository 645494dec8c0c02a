"""Docstrings that people read, as the help of a command."""


def paragraphs(docstring: str) -> list[str]:
    """Its paragraphs, each on one line; those that are indented stay as they are."""
    return [
        each if each.startswith("    ") else " ".join(each.split())
        for each in docstring.strip().split("\n\n")
        if each.strip()
    ]
