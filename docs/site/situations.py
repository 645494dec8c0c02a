"""Makes docs/situations.md and its pictures: ten situations as the commands show them, in English and in Chinese.

    tools/run python docs/site/situations.py                    writes them
    tools/run python docs/site/situations.py --check            fails where a command prints something else by now
    tools/run python docs/site/situations.py --before CHECKOUT  plays them with an older checkout, for "before", and measures it
    tools/run python docs/site/situations.py --measure          measures this one: lines of up, heal and destroy

What was before, and the lines, are kept in situations.json; the words around them are in situations.yaml.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pictures import PICTURES, ROOT, terminal
from rich.text import Text

from tests.support.simulator import Simulator, start_simulator
from tests.support.worlds import Json, bound, declaration, instance, numbers, seed

HERE = Path(__file__).parent
PAGE, WORDS, KEPT = ROOT / "docs" / "situations.md", HERE / "situations.yaml", HERE / "situations.json"
DRAWN = PICTURES / "situations"
LANGUAGES = ("en", "zh")
SIZES = (37, 360, 1000)
T = TypeVar("T")
NOW = "2026-11-28T09:00"
_NOT_SHARED = (".", "stacks", "out", "docs", "tests", "Makefile")
_HEAD, _TAIL = 14, 6
"""Lines of a long output that are shown."""
# What differs from run to run; of several calls that meet the same, one is named, whichever was first.
_CALL = re.compile(r"\b(?:GetInstance|ListPhoneNumbers)(?=: )")
_SECONDS = re.compile(r"\b\d+(?:\.\d+)? ?(s|秒)(?!\w)")
_REQUEST = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_LEAD = re.compile(r'<p class="lead">(.*?)</p>')
_STATE = re.compile(r'<span class="pill [a-z-]+">(.*?)</span>')
ORDER = {
    "vendor": "A",
    "product": "landline-aftersales",
    "stage": "imported",
    "quantity": 40,
    "regions": ["上海"],
    "purchased": "2026-08-01",
    "term": "1y",
    "prepaid": 3000,
    "scene": "售后回访",
}
# The same in two files: the mistakes a Chinese keyboard and a merge make.
FULL_WIDTH = """\
instances:
  acme-support:
    defaults： {usage: bidirectional, flow: 主流程, skillGroups: [sales]}
    numbers:
      "02180001001": {}
"""
CONFLICT = """\
instances:
  acme-support:
    numbers:
<<<<<<< HEAD
      "02180001001": {usage: inbound, flow: 主流程}
=======
      "02180001001": {usage: inbound, flow: 夜间流程}
>>>>>>> night
"""


class Scene:
    """A project in a folder of its own, run by a checkout, and the simulated CCC it speaks to."""

    def __init__(self, folder: Path, checkout: Path, ccc: Simulator, language: str) -> None:
        self.folder, self.checkout, self.ccc = folder, checkout, ccc
        for each in checkout.iterdir():
            if not each.name.startswith(_NOT_SHARED):
                (folder / each.name).symlink_to(each)
        for name in ("stacks", "home", "state"):
            (folder / name).mkdir()
        (folder / "home" / "logs").write_text("no logs, as with tools/run", "utf-8")
        own = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "simulator",
            "CCC_LANG": language,
            "CCC_NOW": NOW,
            "FORCE_COLOR": "1",
            "PATH": f"{checkout / '.venv' / 'bin'}:{checkout / '.tools' / 'bin'}:{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_HOME": str(folder / "home"),
            "PYTHONPYCACHEPREFIX": str(folder / "compiled") if checkout != ROOT else "",
        }
        self.environment = {key: value for key, value in os.environ.items() if key != "CCC_NUMBERS_RUN"} | own

    def stack(self, name: str, declared: Json | str) -> None:
        """A stack's two files."""
        config = {"config": {"ccc:region": "cn-shanghai", "ccc:endpoint": self.ccc.url}}
        text = (
            declared
            if isinstance(declared, str)
            else yaml.safe_dump(declared, allow_unicode=True, sort_keys=False)
        )
        (self.folder / "stacks" / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(config), "utf-8")
        (self.folder / "stacks" / f"{name}.yaml").write_text(text, "utf-8")

    def says(self, command: str, **environment: str) -> tuple[str, str]:
        """The command, and what it prints: with colours, and without what differs from run to run."""
        done = subprocess.run(
            command.split(),
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        said = done.stdout.replace(self.ccc.url, "http://127.0.0.1:8080").replace(str(self.folder), ".")
        return command, _CALL.sub("GetInstance", _REQUEST.sub("…", _SECONDS.sub(r"… \1", said)))

    def run(self, verb: str, stack: str, **environment: str) -> tuple[str, str]:
        """`up` or `destroy` as the checkout's Makefile runs it: the command, and what it prints."""
        ours = {"up": f"ccc-numbers apply {stack}", "destroy": f"ccc-numbers destroy {stack} --yes"}
        if self.checkout == ROOT:
            return self.says(ours[verb], **environment)
        self.says(f"pulumi stack init {stack}")
        quiet = " --suppress-outputs" * (verb == "up")
        return self.says(f"pulumi {verb} --yes --stack {stack}{quiet}", **environment)

    def acme(self, numbers: dict[str, Json]) -> None:
        """Declare these numbers in the stack acme, with their order."""
        self.stack("acme", declaration(numbers) | {"orders": {"shanghai": ORDER}})

    def edit(self, change: Callable[[list[Json]], object], instance: str = "acme-support") -> None:
        """Change an instance's numbers by hand, as somebody does in CCC's console."""
        state = self.ccc.state()
        change(state["instances"][instance]["numbers"])
        self.ccc.put_state(state)


def play(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Every situation in turn: its key, the command, and what it printed."""
    first, missing, others = numbers(37), numbers(2, start=38), numbers(360, start=1001)
    mine: dict[str, Json] = {each: {"order": "shanghai"} for each in first}
    kept = {first[-1]: {"order": "shanghai", "keepOnRemoval": True}}
    support, gamma = instance(), instance([bound(each) for each in others])
    for group in (*support["skillGroups"], *gamma["skillGroups"]):
        group["users"] = 3
    unassigned = [{"number": each, "province": "上海", "provider": "A"} for each in first]
    scene.ccc.put_state(
        {"instances": {"acme-support": support, "gamma-support": gamma}, "unassigned": unassigned}
    )

    scene.acme(mine | kept)
    yield "up", *scene.run("up", "acme")
    scene.edit(by_hand)
    yield "heal", *scene.says("ccc-numbers heal acme --yes")
    yield "verdicts", *verdicts(scene)
    scene.acme(mine | kept | {each: {"order": "shanghai"} for each in missing})
    yield "coverage", *scene.says("ccc-numbers drift acme")
    scene.edit(lambda rows: rows[0].update(contactFlow="夜间流程"))
    yield "heal-missing", *scene.says("ccc-numbers heal acme --yes")
    scene.acme({each: mine[each] for each in first[:-1]})
    yield "kept", *scene.says("ccc-numbers plan acme")
    scene.acme(mine)
    yield "keys", *scene.run("up", "acme", ALIBABA_CLOUD_ACCESS_KEY_ID="LTAI5tMistyped")
    yield "destroy", *scene.run("destroy", "acme")
    scene.stack("gamma", declaration(others, instance="gamma-support"))
    yield "take-over", *scene.says("ccc-numbers plan gamma")
    scene.stack("delta", FULL_WIDTH)
    scene.stack("epsilon", CONFLICT)
    yield "mistakes", *scene.says("ccc-numbers check delta epsilon")


def by_hand(rows: list[Json]) -> None:
    """Eighteen numbers as somebody has bound them in the console."""
    for row in rows[:12]:
        row["contactFlow"] = "夜间流程"
    for row in rows[12:18]:
        row["skillGroups"] = ["sales", "support"]


def verdicts(scene: Scene) -> tuple[str, str]:
    """Drift, and the report's first sentence and the stack's state in it."""
    command, drift = scene.says("ccc-numbers drift acme")
    _, report = scene.says("ccc-numbers report acme --out public")
    page = (scene.folder / "public" / "index.html").read_text("utf-8")
    said = f"{_LEAD.findall(page)[0]}   acme: {_STATE.findall(page)[-1]}"
    return command, f"{drift}$ ccc-numbers report acme --out public\n{report.rstrip()}\n{said}\n"


def measure(scene: Scene, size: int) -> dict[str, int]:
    """The lines that `up` of so many numbers prints, `heal` of half of them, and `destroy`."""
    scene.ccc.put_state(seed(numbers(size)))
    scene.stack("acme", declaration(numbers(size)))
    printed = {"up": scene.run("up", "acme")[1]}
    scene.edit(lambda rows: [row.update(contactFlow="夜间流程") for row in rows[: size // 2]])
    printed["heal"] = scene.says("ccc-numbers heal acme --yes")[1]
    printed["destroy"] = scene.run("destroy", "acme")[1]
    assert not scene.ccc.numbers("acme-support"), printed
    return {verb: len(said.splitlines()) for verb, said in printed.items()}


def in_scene(do: Callable[[Scene], T], checkout: Path = ROOT, language: str = "en") -> T:
    """Do it in a new project with a new CCC."""
    with tempfile.TemporaryDirectory() as folder, start_simulator({}) as ccc:
        return do(Scene(Path(folder), checkout, ccc, language))


def played(checkout: Path = ROOT, language: str = "en") -> dict[str, dict[str, object]]:
    """Of each situation its command, what it printed as far as it is shown, and the number of lines."""

    def all_of(scene: Scene) -> dict[str, dict[str, object]]:
        return {
            key: {"command": command, "said": shown(said), "lines": len(said.splitlines())}
            for key, command, said in play(scene)
        }

    return in_scene(all_of, checkout, language)


def shown(said: str) -> str:
    """The output, or its first and last lines with how many are left out."""
    lines = [each.rstrip() for each in said.splitlines()]
    if len(lines) > _HEAD + _TAIL + 1:
        left = len(lines) - _HEAD - _TAIL
        lines = [*lines[:_HEAD], f"… {left} more lines …", *lines[-_TAIL:]]
    return "\n".join(lines)


def made() -> dict[Path, str]:
    """The page and its pictures by file: what is kept of before, and what the commands print now."""
    kept = json.loads(KEPT.read_text("utf-8"))
    with ThreadPoolExecutor() as both:
        now = dict(zip(LANGUAGES, both.map(lambda each: played(language=each), LANGUAGES), strict=True))
    told = {"before": kept["before"]} | now
    templates = Environment(  # noqa: S701  # Markdown, no HTML
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["plain"] = lambda text: Text.from_ansi(text).plain
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    page = templates.get_template("situations.md.j2").render(
        situations=words, told=told, sizes=SIZES, lines=kept["lines"]
    )
    pictures = {
        DRAWN / f"{key}-{when}.svg": terminal({each["command"]: each["said"]})
        for when, said in told.items()
        for key, each in said.items()
    }
    return {PAGE: page} | pictures


def keep(before: Path | None) -> None:
    """Play the situations with an older checkout, or measure this one, and keep what came of it."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {"lines": {}}
    checkout = before or ROOT
    lines = {size: in_scene(lambda scene: measure(scene, size), checkout) for size in SIZES}  # noqa: B023  # called at once
    kept["lines"]["before" if before else "now"] = lines
    if before:
        kept["before"] = played(before)
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    asked = parser.parse_args()
    if asked.measure or asked.before:
        keep(asked.before)
    files = made()
    if asked.check:
        stale = [file for file, text in files.items() if not file.exists() or file.read_text("utf-8") != text]
        for file in stale:
            sys.stderr.write(f"{file.relative_to(ROOT)} is out of date: run make pictures\n")
        return int(bool(stale))
    DRAWN.mkdir(exist_ok=True)
    for file, text in files.items():
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
