"""Only text in UTF-8 comes in; what Django could not even begin to read is a bad request."""

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from core.body_encoding import is_readable, refuse_other_encodings

FORM = "application/x-www-form-urlencoded"
STRANGE = ["rot13", "hex", "undefined", "utf-7", "utf-16", "gbk", "idna", "unicode_escape", "a\0"]


def answer(content_type: str) -> str:
    started = []
    application = refuse_other_encodings(lambda _environ, start: start("200 OK", []) or [b""])
    application({"CONTENT_TYPE": content_type}, lambda *start: started.append(start))
    return started[0][0]


@pytest.mark.parametrize("encoding", STRANGE)
def test_a_body_in_another_encoding_is_a_bad_request(encoding):
    assert answer(f"{FORM}; charset={encoding}") == "400 Bad Request"


@pytest.mark.parametrize("parameter", ["x*=rot13''%41", "x*=none''%41", "x*=a'b", "charset*=x'y'z"])
def test_a_parameter_that_cannot_be_decoded_is_a_bad_request(parameter):
    assert answer(f"{FORM}; {parameter}").startswith(("200", "400"))
    if is_readable(f"{FORM}; {parameter}"):
        # Then Django can make a request of it.
        environ = {"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(), "QUERY_STRING": "a=%ff"}
        WSGIRequest(environ | {"CONTENT_TYPE": f"{FORM}; {parameter}"})


@pytest.mark.parametrize(
    "content_type",
    [
        *(FORM, f"{FORM}; charset=utf-8", f"{FORM};charset=UTF8", f'{FORM}; charset="us-ascii"'),
        *(
            f"{FORM}; charset=no-such-thing",
            "multipart/form-data; boundary=x",
            "text/plain;;;=",
            "",
        ),
    ],
)
def test_a_body_as_browsers_send_it_passes(content_type):
    assert answer(content_type) == "200 OK"
