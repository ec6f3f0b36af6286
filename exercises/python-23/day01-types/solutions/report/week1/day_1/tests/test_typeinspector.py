"""The report, and the table that is made of it."""

import io
import sys

import pytest

from week1.day_1.typeinspector import Mutability, Report, inspect_value


@pytest.fixture(params=[7, "seven", [7], (7,), {7}, {7: "seven"}], ids=lambda val: type(val).__name__)
def val(request):
    return request.param


def test_the_report_holds_the_facts(val):
    report = inspect_value(val)
    assert report.kind is type(val)
    assert report.address == id(val)
    assert report.size == sys.getsizeof(val)


def test_every_row_is_in_the_table(val):
    file = io.StringIO()
    report = inspect_value(val, file=file)
    table = file.getvalue()
    for _, told in report.rows():
        assert told in table


@pytest.mark.parametrize("kind", [list, set, dict, bytearray])
def test_mutable(kind):
    assert Mutability.of(kind()) is Mutability.MUTABLE


@pytest.mark.parametrize("kind", [int, float, str, tuple, frozenset])
def test_immutable(kind):
    assert Mutability.of(kind()) is Mutability.IMMUTABLE


def test_methods():
    assert Report.of(()).methods == ("count", "index")
