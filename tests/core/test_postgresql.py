"""A PostgreSQL server that hangs is told from one that is busy, and nobody waits for it."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import closing

import psycopg
import pytest
from django.conf import settings

from core.postgresql import base, silence
from core.postgresql.silence import Server, watched


@pytest.fixture(autouse=True)
def short_times(monkeypatch):
    monkeypatch.setattr(silence, "ANSWER_WITHIN", 0.2)


@pytest.fixture
def hanging():
    """A server whose kernel takes connections and which never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Server(*listener.getsockname())


@pytest.fixture
def busy():
    """A server that answers the first question, as PostgreSQL does before any login."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    if connection.recv(8) == silence.SSL_REQUEST:
                        connection.sendall(b"N")

        threading.Thread(target=answer, daemon=True).start()
        yield Server(*listener.getsockname())


def steps(*expected: int) -> Generator[int, int, str]:
    """A statement that is ready after it was handed ``expected``."""
    for number in expected:
        assert (yield 1) == number
    return "row"


def run(generator: Generator, ready: list[int], pause: float = 0.0) -> object:
    """As psycopg drives its steps."""
    try:
        next(generator)
        for number in ready:
            time.sleep(pause)
            generator.send(number)
    except StopIteration as end:
        return end.value
    raise AssertionError("not finished")


def test_answers_are_told_from_silence(hanging, busy):
    assert busy.answers()
    assert not hanging.answers()


def test_a_server_that_refuses_has_answered():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(*listener.getsockname())
    assert server.answers()
    assert server.may_be_asked()


def test_a_unix_socket_that_is_not_there_has_answered(tmp_path):
    assert Server(str(tmp_path), 5432).answers()


def test_a_statement_of_a_busy_server_goes_on(busy):
    statement = watched(steps(0, 0, 0, 1), busy, RuntimeError, left=0.01)
    assert run(statement, [0, 0, 0, 1], pause=0.02) == "row"
    assert not busy.is_left_alone


def test_a_statement_that_is_ready_at_once_asks_nobody(hanging):
    assert run(watched(steps(), hanging, RuntimeError), []) == "row"
    assert run(watched(steps(1, 1), hanging, RuntimeError), [1, 1]) == "row"


def test_a_statement_of_a_server_that_hangs_is_given_up(hanging):
    statement = watched(steps(0, 0, 0), hanging, RuntimeError, left=0.01)
    with pytest.raises(RuntimeError):
        run(statement, [0, 0, 0], pause=0.02)
    assert hanging.is_left_alone


def test_while_it_is_left_alone_nobody_waits(hanging, monkeypatch):
    assert not hanging.may_be_asked()
    monkeypatch.setattr(hanging, "answers", lambda: pytest.fail("asked"))
    assert not hanging.may_be_asked()


def test_after_the_pause_it_is_asked_again(hanging, monkeypatch):
    assert not hanging.may_be_asked()
    monkeypatch.setattr(silence.time, "monotonic", lambda: hanging._left_alone_until + 1)
    monkeypatch.setattr(hanging, "answers", lambda: True)
    assert hanging.may_be_asked()
    assert not hanging._is_silent


def test_a_server_that_hangs_refuses_connections_at_once(hanging):
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        base.connect(host=hanging.host, port=hanging.port, dbname="portal")
    begin = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="does not answer"):
        base.connect(host=hanging.host, port=hanging.port, dbname="portal")
    assert time.monotonic() - begin < 0.1


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "core.postgresql", reason="needs PostgreSQL"
)
@pytest.mark.django_db
def test_statements_pass_through_to_a_real_server():
    other = base.DatabaseWrapper({**settings.DATABASES["default"], "TIME_ZONE": None}, "other")
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.2), 7")
        assert cursor.fetchone()[1] == 7
        with pytest.raises(psycopg.errors.UndefinedColumn):
            cursor.connection.execute("SELECT no_such_column")
