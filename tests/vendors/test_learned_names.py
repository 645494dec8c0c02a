"""`ccc-numbers orders learn`: the names that CCC has for vendors, written into the stack's catalogue file."""

from pathlib import Path

import yaml

from tests.support.simulator import start_simulator
from tests.vendors.conftest import Run
from tests.vendors.ledger_world import bind, connect, orders, seed


def test_names_that_ccc_says_are_learned(run: Run, project: Path) -> None:
    first, second = "02180001001", "051080001002"
    words = ("orders", "learn", "-s", "acme", "--today", "2026-11-23")
    file, own = project / "stacks/acme.yaml", project / "stacks/acme-vendors.yaml"
    before = file.read_text("utf-8")
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        for number in (first, second):
            simulator.import_numbers(number, provider="ali", province="上海", city="上海")
            bind(simulator, number)
        assert orders(run)[2] == ["vendor-name"]
        code, out, _ = run(*words)
        assert (code, 'A/landline-aftersales: CCC names the vendor of 2 numbers "ali"' in out) == (1, True)
        assert (own.exists(), file.read_text("utf-8")) == (False, before)

        assert run(*words, "--write")[0] == 0
        assert file.read_text("utf-8") == before + "catalogue: acme-vendors.yaml\n"
        assert orders(run)[2] == []
        assert run(*words)[:2] == (0, "CCC says no name of a vendor that the catalogue does not know.\n")

        # Another name is an error now, and what is written is not written over.
        own.write_text(own.read_text("utf-8").replace("ali", "youyin"), "utf-8")
        assert orders(run)[0::2] == (1, ["wrong-vendor"])
        assert set(simulator.calls()) <= {
            *("ListPhoneNumbers", "ListUnassignedNumbers", "ListSkillGroups", "ListInstances"),
            *("ListContactFlows", "AddPhoneNumbers"),  # the test's own
        }


def test_a_name_of_two_vendors_is_not_learned(run: Run, project: Path) -> None:
    file = project / "stacks/acme.yaml"
    data = yaml.safe_load(file.read_text("utf-8"))
    other = {
        "vendor": "B",
        "product": "virtual-number",
        "stage": "imported",
        "quantity": 10,
        "purchased": "2026-08-01",
    }
    data["orders"]["b"] = other | {"term": "1y"}
    data["instances"]["acme-support"]["numbers"]["13800001001"] = {"order": "b"}
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with start_simulator(seed()) as simulator:
        connect(project, simulator.url)
        for number in ("02180001001", "13800001001"):
            simulator.import_numbers(number, provider="ali", province="上海", city="上海")
            bind(simulator, number)
        code, _, err = run("orders", "learn", "-s", "acme", "--write")
    assert (code, "on orders of A and of B" in err, (project / "stacks/acme-vendors.yaml").exists()) == (
        2,
        True,
        False,
    ), err
