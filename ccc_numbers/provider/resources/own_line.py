"""The import of a pending number by ourselves, where its account may: `selfService`. A failure leaves it pending."""

from ccc_numbers.api.errors import CccError
from ccc_numbers.messages.language import tr
from ccc_numbers.provider.model.phone_number import PENDING
from ccc_numbers.provider.properties import text
from ccc_numbers.provider.run import Run
from ccc_numbers.provider.wire import Bag


def to_import(old: Bag | None, new: Bag) -> str:
    """The line as one of which a number that is not in the account is to be imported; "" for none.

    Asked for once: not where CCC has taken the request before, and never for a number that was bound and is gone.
    """
    if old is not None and old.get("status") != PENDING:
        return ""
    line = text(new, "selfService")
    return "" if old is not None and line == text(old, "importAsked") else line


async def asked_for(run: Run, urn: str, inputs: Bag, old: Bag | None, *, preview: bool) -> str:
    """The line as one of which CCC was asked to import a pending number, now or before; "" for none.

    In a preview the one as which it would be. The reason is said where it was not, or where it stays pending.
    """
    number, before = text(inputs, "number"), text(old or {}, "importAsked")
    if line := to_import(old, inputs):
        return line if await _brought_in(run, urn, number, line, preview=preview) else ""
    said = tr(
        "{number} is not imported into the account yet: pending. It is bound on the first `pulumi up` after CCC "
        "support has imported it",
        number=number,
    )
    if before:
        said = tr(
            "{number} is not in the account yet: pending. CCC was asked to import it as one of {line} before, and is not "
            "asked again",
            number=number,
            line=before,
        )
    await run.warn(said, urn)
    return before


async def _brought_in(run: Run, urn: str, number: str, line: str, *, preview: bool) -> bool:
    """Whether CCC was asked for the number, and did not refuse; in a preview whether it would be asked."""
    try:
        if why := run.declared.why_not_imported(number):
            await run.warn(
                tr("{number} is not imported: {why}; it stays pending", number=number, why=why), urn
            )
            return False
        if preview:
            said = tr("{number} would be imported as one of {line}, then bound", number=number, line=line)
            await run.inform(said, urn)
        else:
            await run.writer.bring_in(number, line)
    except CccError as error:
        said = tr("CCC did not import numbers of {line}: {why}; they stay pending", line=line, why=error)
        await run.warn_once(said, urn)
        return False
    return True
