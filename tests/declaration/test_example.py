"""The example of the design, read to the last value."""

from datetime import date
from decimal import Decimal

from ccc_numbers.api.rows import Usage
from ccc_numbers.declaration.vendor_rules import numbers_on_orders, vendor_problems
from ccc_numbers.vendors.orders import Stage
from tests.declaration.conftest import Folder

STACK = """\
instances:
  acme-support:
    removalBudget: 1
    protected: true
    skillGroups:
      sales: {displayName: 销售组, description: 一线销售}
    contactFlows:
      夜间流程: {type: main, definition: flows/night.json}
    defaults: {usage: bidirectional, flow: 主流程, skillGroups: [sales], order: youyin-2026-08}
    numbers:
      "02180001001": {}
      02180001002: {flow: 夜间流程, skillGroups: [sales, support]}
      "4008001001": {usage: inbound, skillGroups: [], order: a-400-2026}
    numbersFile: acme-numbers.csv
orders:
  youyin-2026-08:
    vendor: A
    product: landline-aftersales
    stage: imported
    quantity: 2
    regions: [上海]
    purchased: 2026-08-01
    term: 1y
    prepaid: 3000
    orderId: "2206600000001"
    scene: 售后回访
    materials: {acceptanceForm: materials/form.docx}
    contact: {dingtalk: cccsupport2}
  a-400-2026: {vendor: A, product: "400", stage: opened, quantity: 1, purchased: 2026-09-10, term: 3y, prepaid: 5000}
"""


def write(folder: Folder) -> None:
    folder.write("flows/night.json", "{}")
    folder.write("acme-numbers.csv", "number,usage,flow,skillGroups,order\n02180001003,outbound,,,\n")


def test_the_designs_example_is_read_to_the_last_value(folder: Folder) -> None:
    write(folder)
    declaration = folder.declared(STACK)
    instance = declaration.instances["acme-support"]
    assert (instance.removal_budget, instance.protected, instance.keep_on_removal) == ("1", True, False)
    first, second, hotline, outbound = instance.numbers.values()
    assert (first.number, first.usage, first.flow, first.skill_groups, first.order) == (
        "02180001001",
        Usage.BIDIRECTIONAL,
        "主流程",
        ("sales",),
        "youyin-2026-08",
    )
    assert (second.number, second.flow, second.skill_groups) == (
        "02180001002",
        "夜间流程",
        ("sales", "support"),
    )
    assert (hotline.usage, hotline.flow, hotline.skill_groups) == (Usage.INBOUND, "主流程", ())
    assert (outbound.usage, outbound.flow, outbound.skill_groups) == (Usage.OUTBOUND, None, ("sales",))
    assert str(second.source) == "stacks/acme.yaml:12:7"
    order = declaration.orders["a-400-2026"]
    assert (order.product, order.stage, order.prepaid, order.expires) == (
        "400",
        Stage.OPENED,
        Decimal(5000),
        date(2029, 9, 10),
    )


def test_a_flow_of_the_defaults_is_dropped_for_outbound_numbers(folder: Folder) -> None:
    declaration = folder.declared("""\
        instances:
          acme:
            defaults: {usage: outbound, flow: main, skillGroups: [sales]}
            numbers: {95518: {}, 95519: {usage: inbound}}
        """)
    assert [number.flow for number in declaration.instances["acme"].numbers.values()] == [None, "main"]


def test_an_inbound_number_may_have_skill_groups(folder: Folder) -> None:
    declaration = folder.declared(
        "instances: {acme: {numbers: {95518: {usage: inbound, flow: f, skillGroups: [a]}}}}"
    )
    assert declaration.instances["acme"].numbers["95518"].skill_groups == ("a",)


def test_a_number_of_one_agent_needs_no_skill_group_and_takes_none_from_the_defaults(folder: Folder) -> None:
    declaration = folder.declared("""\
        instances:
          acme:
            defaults: {usage: outbound, skillGroups: [sales]}
            numbers: {13900001001: {agent: li@acme}}
        """)
    number = declaration.instances["acme"].numbers["13900001001"]
    assert (number.agent, number.skill_groups) == ("li@acme", ())


def test_keep_on_removal_of_the_instance_holds_for_numbers_that_say_nothing(folder: Folder) -> None:
    declaration = folder.declared("""\
        instances:
          acme:
            keepOnRemoval: true
            removalBudget: 25 %
            defaults: {usage: inbound, flow: f}
            numbers: {95518: {}, 95519: {keepOnRemoval: false}}
        """)
    instance = declaration.instances["acme"]
    assert [number.keep_on_removal for number in instance.numbers.values()] == [True, False]
    assert instance.removal_budget == "25%"


def test_a_stack_may_hold_orders_before_it_has_instances(folder: Folder) -> None:
    declaration = folder.declared("orders: {o-1: {vendor: A, product: p, stage: intended, quantity: 1}}")
    assert list(declaration.orders) == ["o-1"]


def test_the_vendors_findings_stand_where_the_file_says_it(folder: Folder) -> None:
    write(folder)
    declaration = folder.declared(STACK)
    assert [each.number for each in numbers_on_orders(declaration)] == [
        "02180001001",
        "02180001002",
        "4008001001",
        "02180001003",
    ]
    problems = vendor_problems(declaration, date(2026, 11, 1))
    assert [(str(each.source), each.path, each.rule, each.severity) for each in problems] == [
        ("stacks/acme.yaml:20:15", "orders.youyin-2026-08.quantity", "over-quantity", "error")
    ]
    late = vendor_problems(declaration, date(2028, 1, 1))
    assert [(str(each.source), each.rule, each.severity) for each in late][:1] == [
        ("stacks/acme.yaml:23:11", "term-over", "warning")
    ]


def test_a_broken_catalogue_of_the_stack_is_one_line(folder: Folder) -> None:
    folder.write(
        "prices.yaml", "vendor: A\nproduct: mobile\nasOf: 2026-10-01\nsource: {title: t}\nprice: {rent: 3}\n"
    )
    declaration = folder.declared(
        "catalogue: prices.yaml\norders: {o-1: {vendor: A, product: p, stage: intended, quantity: 1}}"
    )
    (problem,) = vendor_problems(declaration, date(2026, 11, 1))
    assert str(problem).startswith("stacks/prices.yaml:5:9: price.rent: ")
    assert "\n" not in str(problem)


def test_a_catalogue_that_is_not_there_is_one_line(folder: Folder) -> None:
    declaration = folder.declared(
        "catalogue: prices.yaml\norders: {o-1: {vendor: A, product: p, stage: intended, quantity: 1}}"
    )
    (problem,) = vendor_problems(declaration, date(2026, 11, 1))
    assert str(problem).startswith("stacks/prices.yaml:1:1: does not exist")
