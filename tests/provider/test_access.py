"""The way to CCC when it does not work: one clear line, no traceback, no secret."""

import socket

import pytest

from tests.provider.conftest import Begin
from tests.support.worlds import INSTANCE, declaration, numbers, seed


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_wrong_access_key_is_one_line(begin: Begin) -> None:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIwrongwrong", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hush-hush"}
    preview = stack.preview(**keys)
    assert preview.code != 0
    assert any("no such access key" in error for error in preview.errors), preview.text
    assert "Traceback" not in preview.text
    assert "hush-hush" not in preview.text
    assert "LTAIwrongwrong" not in preview.text


@pytest.mark.parametrize("verb", ["preview", "up", "refresh", "destroy"])
def test_a_cause_that_hits_every_number_is_reported_once(begin: Begin, verb: str) -> None:
    stack, simulator = begin(seed(numbers(20)))
    stack.declare(declaration(numbers(20)))
    assert stack.up().code == 0
    before = stack.state()
    simulator.reset()
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIwrongwrong", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hush-hush"}
    result = getattr(stack, verb)(**keys)
    assert result.code != 0
    (error,) = [each for each in result.errors if "no such access key" in each]
    assert error in result.text
    assert simulator.count() < 12
    assert stack.state().keys() == before.keys()
    assert list(simulator.numbers(INSTANCE)) == numbers(20)


def test_a_wrong_secret_is_one_line(begin: Begin) -> None:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "simulator", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hush-hush"}
    preview = stack.preview(**keys)
    assert any("ALIBABA_CLOUD_ACCESS_KEY_SECRET" in error for error in preview.errors), preview.text
    assert "hush-hush" not in preview.text


def test_an_unreachable_endpoint_is_one_line(begin: Begin) -> None:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    stack.configure({"endpoint": f"127.0.0.1:{closed_port()}", "timeouts": '{"operation": 1}'})
    preview = stack.preview()
    assert preview.code != 0
    assert any("127.0.0.1" in error for error in preview.errors), preview.text
    assert "Traceback" not in preview.text
    assert "Signature" not in preview.text


def test_plain_http_to_a_foreign_host_is_refused(begin: Begin) -> None:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    stack.configure({"endpoint": "http://ccc.example.com"})
    preview = stack.preview()
    assert preview.code != 0
    assert any("http" in error and "ccc.example.com" in error for error in preview.errors), preview.text


def test_an_unknown_setting_is_refused_with_the_nearest(begin: Begin) -> None:
    stack, _ = begin(seed(numbers(1)))
    stack.declare(declaration(numbers(1)))
    stack.configure({"regoin": "cn-shanghai"})
    preview = stack.preview()
    assert any("regoin" in error and "region" in error for error in preview.errors), preview.text
