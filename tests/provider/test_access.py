"""The way to CCC when it does not work: one clear line, no traceback, no secret."""

import socket

from tests.provider.conftest import Begin
from tests.support.worlds import declaration, numbers, seed


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
