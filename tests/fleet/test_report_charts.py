"""The pictures' geometry: nothing leaves the picture, and time goes to the right."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccc_numbers.fleet.report.charts import ends_by_month, timeline
from ccc_numbers.fleet.report.order_rows import OrderRow
from ccc_numbers.vendors.catalogue import built_in
from ccc_numbers.vendors.orders import Ending, Order, Stage
from ccc_numbers.vendors.terms import Term
from tests.support.effort import effort

TODAY = date(2026, 10, 15)


def order(
    key: str = "youyin",
    *,
    purchased: date | None = None,
    expires: date | None = None,
    stage: Stage = Stage.IMPORTED,
    quantity: int = 5,
) -> OrderRow:
    begun = purchased or (expires and expires - timedelta(days=365))
    term = Term(days=(expires - begun).days) if expires and begun else None
    bought = Order(key, "A", "400", stage, quantity, purchased=begun, term=term)
    return OrderRow(
        stack="acme",
        order=bought,
        catalogue=built_in(),
        numbers=(),
        live=None,
        counts=None,
        today=TODAY,
        lapsing_days=30,
        patience=30,
        idle=Decimal(0),
    )


days = st.integers(-4000, 4000).map(lambda offset: TODAY + timedelta(days=offset))
orders = st.lists(
    st.builds(
        lambda begin, length, known: order(
            purchased=begin if known else None,
            expires=begin + timedelta(days=length) if known == 2 else None,
        ),
        days,
        st.integers(1, 4000),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


@effort(quick=60, nightly=2000)
@given(orders)
def test_every_bar_stays_in_the_picture(rows: list[OrderRow]) -> None:
    picture = timeline(rows, TODAY, with_stack=True)
    assert picture is not None
    assert picture.labels < picture.today < picture.width
    for bar, row in zip(picture.bars, rows, strict=True):
        assert picture.labels <= bar.x <= picture.width
        assert bar.x + bar.width <= picture.width
        assert bar.y + picture.row <= picture.height
        assert 0 < bar.note_x <= picture.width
        if row.order.purchased and row.ending is Ending.LAPSED:
            assert bar.x + bar.width <= picture.today + 3  # a bar is three units wide at least
        if (
            row.order.purchased
            and row.order.purchased <= TODAY
            and row.ending in {Ending.RUNNING, Ending.LAPSING}
        ):
            assert bar.x <= picture.today <= bar.x + bar.width + 3
    assert 2 <= len(picture.ticks) <= 14
    assert [tick.x for tick in picture.ticks] == sorted(tick.x for tick in picture.ticks)


def test_a_bar_that_goes_on_beyond_the_picture_says_so() -> None:
    picture = timeline(
        [order(purchased=date(2015, 1, 1), expires=date(2040, 1, 1)), order(purchased=date(2026, 1, 1))],
        TODAY,
        with_stack=False,
    )
    assert picture is not None
    long, open_ended = picture.bars
    assert (long.cut_left, long.cut_right) == (True, True)
    assert (open_ended.cut_left, open_ended.cut_right) == (False, True)
    assert open_ended.note == "no end known"


def test_an_order_of_unknown_time_has_a_note_and_no_bar() -> None:
    picture = timeline([order(stage=Stage.INTENDED)], TODAY, with_stack=False)
    assert picture is not None
    assert (picture.bars[0].width, picture.bars[0].note) == (0, "not bought yet")
    assert timeline([], TODAY, with_stack=False) is None


def test_long_and_chinese_keys_are_cut_to_their_column() -> None:
    picture = timeline([order("中" * 40), order("x" * 80)], TODAY, with_stack=False)
    assert picture is not None
    assert [len(bar.label) for bar in picture.bars] == [17, 34]
    assert all(bar.label.endswith("…") for bar in picture.bars)


@effort(quick=60, nightly=2000)
@given(orders)
def test_every_ending_order_is_in_one_column(rows: list[OrderRow]) -> None:
    columns = ends_by_month(rows, TODAY)
    ending = [row for row in rows if row.order.expires is not None]
    assert sum(column.orders for column in columns) == len(ending)
    assert all(0 <= column.height <= 110 for column in columns)
    assert len(columns) == (14 if ending else 0)


def test_what_ends_on_the_first_of_a_month_ends_in_that_month() -> None:
    columns = ends_by_month([order(expires=date(2026, 12, 1)), order(expires=date(2026, 11, 30))], TODAY)
    assert {f"{each.label} {each.year}": each.orders for each in columns if each.orders} == {
        "Nov 2026": 1,
        "Dec 2026": 1,
    }
