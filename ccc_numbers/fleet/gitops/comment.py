"""The one comment of a pull request: built from the plans of its stacks, updated in place."""

from collections.abc import Iterable, Sequence

from ccc_numbers.fleet.gitops.forge import Forge
from ccc_numbers.fleet.gitops.output import COMMENT_LIMIT, as_markdown
from ccc_numbers.fleet.plan.result import Outcome, Result
from ccc_numbers.messages.language import mark, tr
from ccc_numbers.messages.markdown import inline

MARKER = "<!-- ccc-numbers: plan -->"  # not translated: our mark
_NOTHING = mark("This change concerns no stack any more.")
_THIS_IS_APPLIED = mark("Merging applies exactly this; anything else is refused.")
_PLANNED_AGAIN = mark(
    "After the merge it is planned again; an apply job does exactly the plan shown to its starter."
)


_UNRUN = mark(
    "None of its code has been run, and no job has had an identity or a secret for it. Whoever allows the preview runs "
    "this code with the role that reads: read it first."
)


def with_missing(results: Sequence[Result], expected: Iterable[str]) -> list[Result]:
    """The results, and a failed one for each expected stack whose job left none."""
    there = {each.stack for each in results}
    why = (tr("its job ended without a plan; see its log"),)
    lost = (Result(stack, "plan", Outcome.FAILED, errors=why) for stack in expected if stack not in there)
    return sorted((*results, *lost), key=lambda each: each.stack)


def comment_text(
    results: Sequence[Result], commit: str | None, link: str | None, *, applies_this: bool = True
) -> str:
    """The whole comment with its marker, never longer than a forge takes. `applies_this`: a merge applies these plans."""
    foot = ["[" + tr("All of it in the run's log.") + f"]({link})"] if link else []
    if results:
        foot.append(tr(_THIS_IS_APPLIED if applies_this else _PLANNED_AGAIN))
    tail = f"\n<sub>{' '.join(foot)}</sub>\n" if foot else ""
    room = COMMENT_LIMIT - len(MARKER) - len(tail) - 2
    title = tr("ccc-numbers: plan of {commit}", commit=commit[:12]) if commit else tr("ccc-numbers: plan")
    body = as_markdown(results, title, room) if results else f"{tr(_NOTHING)}\n"
    return f"{MARKER}\n{body}{tail}"


def waits_text(reason: str, commit: str | None, link: str | None) -> str:
    """The whole comment of a preview that a maintainer has to allow first; `reason` names its changes."""
    heading = (
        tr("ccc-numbers: plan of {commit} waits for a maintainer", commit=commit[:12])
        if commit
        else tr("ccc-numbers: plan waits for a maintainer")
    )
    allow = tr("Allow it in the run.")
    where = "[" + tr("Allow it, or look at the run.") + f"]({link})" if link else allow
    why = tr("This change is not only in stack files. It changes {files}.", files=inline(reason))
    return f"{MARKER}\n### {heading}\n\n{why}\n\n{tr(_UNRUN)} {where}\n"


def post_comment(forge: Forge, request: int, text: str, *, worth_a_new_one: bool) -> str:
    """Update our comment, or write it; says what was done. Of several, the oldest is ours."""
    ours = next((each for each in forge.comments(request) if each.body.startswith(MARKER)), None)
    if ours is None and not worth_a_new_one:
        return tr("nothing to say")
    if ours is None:
        forge.add_comment(request, text)
        return tr("wrote the comment")
    if ours.body.strip() == text.strip():
        return tr("the comment is up to date")
    forge.change_comment(request, ours.id, text)
    return tr("updated the comment")
