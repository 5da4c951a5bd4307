"""What breaks programs: texts, queries, bodies, paths and headers, by a seeded generator.

``FUZZ_CASES`` says how many of each; ``make test`` takes a few, ``make test-security`` 2,000.
``FUZZ_SEED`` repeats a run that found something.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from urllib.parse import quote_from_bytes, quote_plus

CASES = int(os.environ.get("FUZZ_CASES") or 6)
SEED = int(os.environ.get("FUZZ_SEED") or 20261123)

CANARY = "\"'><svg onload=x>{{7*7}}${7}%0d%0aX:1"
HUGE = "9" * 40

#: As bytes, because half of them are no text.
VALUES: tuple[bytes, ...] = (
    *(b"", b" ", b"0", b"-1", b"1", b"2", b"1.5", b"1e999", b"NaN", b"Infinity", b"0x10", b"+1"),
    *(HUGE.encode(), f"-{HUGE}".encode(), b"9223372036854775808", b"2147483648", b"00000001"),
    *("٣".encode(), "²".encode(), "１".encode(), b"true", b"null", b"None", b"undefined", b"[]"),
    *(b"0000-00-00", b"0001-01-01", b"9999-12-31", b"10000-01-01", b"2026-02-30", b"2026-13"),
    *(b"24:61", b"1970-01-01T00:00:00Z", b"0001-01", b"9999-12", b"__unknown__", b"__all__"),
    *(CANARY.encode(), b"<script>alert(1)</script>", b"{{7*7}}${7}#{7}", b"%s%n%d"),
    *(b"' OR 1=1 --", b"'; DROP TABLE parks_park; --", b"1) UNION SELECT 1,2--", b'"', b"\\", b"'"),
    *(b"*", b'"a" AND "b', b"NEAR(a b", b"a:*", b"a & | ! <-> b", b"%", b"_", b"^", b"-a", b"(("),
    *(b"../../../../etc/passwd", b"..\\..\\windows", b"//evil.example", b"/\\evil.example"),
    *(b"file:///etc/passwd", b"http://127.0.0.1:1/", b"javascript:alert(1)", b"https:e", b"\t//e"),
    *(b"a\0b", b"\0", b"\x01\x02\x1f\x7f", b"\r\nX-Evil: 1", b"\n\n", b"\xff\xfe", b"\xc0\xaf"),
    *(b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xe5\x9b", "四会".encode("gbk")),
    *("园区".encode(), "🏭👩‍👩‍👧".encode(), "\u202e\u200b\ufeff\u2028".encode(), "é".encode()),
    *("\U000e0041\uffff\ue000".encode(), "İıſK".encode(), "ﷺ".encode() * 50, b"a" * 300),
    *(b"a" * 5000, "园".encode() * 3000, b"a " * 4000, b"=1+1", b"@SUM(A1)", b"|cmd", b"(" * 2000),
)  # fmt: skip

METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "X", "get")
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such-thing",
    "application/x-www-form-urlencoded; charset=rot13",
    "application/x-www-form-urlencoded; charset=",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=limit",
    "multipart/form-data; boundary=\xff\xfe",
    f"multipart/form-data; boundary={'b' * 300}",
    "multipart/form-data; boundary=limit; charset=utf-7",
    "multipart/form-data; boundary=other",
    "application/json",
    "text/plain",
    "text/html; charset=undefined",
    "text/html; charset=hex",
    "",
    ";;;=",
    "x" * 3000,
)


def generator(*names: str) -> random.Random:
    """The same for the same names in every run."""
    return random.Random(" ".join((str(SEED), *names)))


def value(rng: random.Random, good: Sequence[str] = ()) -> bytes:
    """Something odd; seldom something good, or a good one with a wound."""
    chance = rng.random()
    if good and chance < 0.25:
        text = bytearray(rng.choice(good).encode())
        if text and rng.random() < 0.6:
            text[rng.randrange(len(text))] = rng.randrange(256)
        return bytes(text)
    if chance < 0.35:
        return rng.randbytes(rng.randrange(1, 40))
    if chance < 0.45:
        letters = [chr(rng.choice((rng.randrange(0xD800), rng.randrange(0xE000, 0x110000))))]
        return "".join(letters * rng.randrange(1, 9)).encode()
    if chance < 0.5:
        return rng.choice(VALUES) + rng.choice(VALUES)
    return rng.choice(VALUES)


def encoded(rng: random.Random, content: bytes) -> str:
    """For an address: percent-encoded, seldom twice or not at all."""
    chance = rng.random()
    if chance < 0.9:
        return quote_from_bytes(content, safe="")
    if chance < 0.95:
        return quote_plus(quote_from_bytes(content, safe=""))
    return content.decode("latin-1").replace("&", "").replace("#", "")


def query(rng: random.Random, names: Sequence[str], good: Mapping[str, Sequence[str]]) -> str:
    """One or two parameters with odd values; or doubled, as lists, or far too many."""
    chance = rng.random()
    if chance < 0.01:
        return "&".join(f"{rng.choice(names)}={number}" for number in range(1001))
    if chance < 0.02:
        return rng.choice(("&", "=", "?", "&&&=", "%", "%zz", "[]=1", "=" * 2000, "\xff=\xfe", ";"))
    pairs = []
    for name in rng.sample(names, min(len(names), rng.choice((1, 1, 1, 2, 3)))):
        ending = rng.choice(("", "", "", "", "", "[]", "[a][b]", "__gt", "%00", "."))
        for _time in range(rng.choice((1, 1, 1, 2, 3))):
            pairs.append(f"{name}{ending}={encoded(rng, value(rng, good.get(name, ())))}")
    return "&".join(pairs)


def path(rng: random.Random, start: str) -> str:
    """Below ``start``: odd segments, ways up, doubled slashes. Latin-1, as WSGI has it."""
    segments = []
    for _segment in range(rng.randrange(1, 4)):
        odd = value(rng)[: rng.choice((40, 40, 300))]
        segments.append(rng.choice((odd, b"..", b".", b"", b"%2e%2e", b"..%2f", odd, odd)))
    way = b"/".join(segments).decode("latin-1")
    return start + way + rng.choice(("/", "/", "", "//", "/.", ";x", "/index.php"))


def fields(
    rng: random.Random, good: Mapping[str, str], *, keep: float = 0.8
) -> list[tuple[str, bytes]]:
    """An answered form in which some answers are missing, odd, doubled or of no field."""
    found = []
    for name, text in good.items():
        chance = rng.random()
        if chance < keep:
            found.append((name, text.encode()))
        elif chance < keep + (1 - keep) * 0.8:
            found.append((name, value(rng, [text])))
            if rng.random() < 0.2:
                found.append((name, value(rng, [text])))
    if rng.random() < 0.1:
        found.append((rng.choice(("", "id", "__proto__", "csrf", "a\0b", "x" * 500)), value(rng)))
    rng.shuffle(found)
    return found


def body(rng: random.Random, good: Mapping[str, str]) -> tuple[bytes, str]:
    """A form's body and its content type."""
    chance = rng.random()
    if chance < 0.004:
        return b"message=" + b"x" * 3_000_000, TYPES[0]
    if chance < 0.01:
        return "&".join(f"field{number}=1" for number in range(1001)).encode(), TYPES[0]
    found = fields(rng, good)
    if chance < 0.55:
        return urlencoded(found), TYPES[0]
    if chance < 0.8:
        return multipart(rng, found), TYPES[8]
    if chance < 0.95:
        make = rng.choice((urlencoded, lambda pairs: multipart(rng, pairs)))
        return make(found), rng.choice(TYPES)
    return rng.randbytes(rng.randrange(200)), rng.choice(TYPES)


def urlencoded(found: Sequence[tuple[str, bytes]]) -> bytes:
    pairs = [f"{quote_plus(name)}={quote_from_bytes(text, safe='')}" for name, text in found]
    return "&".join(pairs).encode()


def multipart(rng: random.Random, found: Sequence[tuple[str, bytes]]) -> bytes:
    """With files, packed parts and broken headers among them; seldom with an end missing."""
    parts = []
    for name, text in found:
        more = rng.choice(
            ("", "", "", "", '; filename="a.pdf"', '; filename="../../x\0"', "; x=\xff")
        )
        headers = rng.choice(
            ("", "", "", "Content-Transfer-Encoding: base64\r\n", "Content-Type: ;;\r\n", "X\r\n")
        )
        head = f'--limit\r\nContent-Disposition: form-data; name="{name}"{more}\r\n{headers}\r\n'
        parts.append(head.encode() + text + b"\r\n")
    whole = b"".join(parts) + b"--limit--\r\n"
    return whole if rng.random() < 0.9 else whole[: rng.randrange(len(whole))]


def headers(rng: random.Random) -> dict[str, str]:
    """One to six headers of a request with values that a proxy or a view might trust."""
    return {
        name: rng.choice(HEADERS[name]) if rng.random() < 0.7 else any_header(rng)
        for name in rng.sample(tuple(HEADERS), rng.randrange(1, 7))
    }


def any_header(rng: random.Random) -> str:
    text = value(rng)[:2000].decode("latin-1")
    # Servers pass on none of these three.
    return text.replace("\n", "").replace("\r", "").replace("\0", "")


EVIL = "evil.example"
HEADERS: dict[str, tuple[str, ...]] = {
    "Host": (
        "",
        EVIL,
        "testserver:80:80",
        "testserver@" + EVIL,
        "TESTSERVER",
        "testserver.",
        "[::1",
        "a" * 5000,
    ),
    "X-Forwarded-Host": (EVIL, f"testserver, {EVIL}", ""),
    "X-Forwarded-Proto": ("https", "http", "javascript", "https, http"),
    "X-Forwarded-For": (
        "127.0.0.1",
        "::1",
        "1, 2, 3",
        "127.0.0.1:80",
        "999.999.999.999",
        "unknown",
    ),
    "X-Forwarded-Port": ("443", "-1", HUGE),
    "X-Forwarded-Prefix": ("/evil", "//evil.example"),
    "X-Forwarded-Server": (EVIL,),
    "Forwarded": (f"host={EVIL};proto=https;for=127.0.0.1",),
    "X-Host": (EVIL,),
    "X-Original-Url": ("/admin/", "//evil.example"),
    "X-Rewrite-Url": ("/admin/",),
    "X-Script-Name": ("/evil",),
    "X-Real-Ip": ("127.0.0.1", CANARY),
    "X-Http-Method-Override": ("DELETE", "POST", "HEAD"),
    "X-Method-Override": ("PUT",),
    "X-Request-Id": ("a" * 5000, CANARY),
    "Accept": ("application/json", "*/*;q=x", "text/x-" + "a" * 3000),
    "Accept-Language": (
        "zh-TW,zh;q=0.9",
        "xx",
        "de-" * 2000,
        "\x01;;q=x,,",
        "en;q=1e999",
        "*",
        "zh-" + "a" * 600,
    ),
    "Accept-Encoding": (
        "br;q=nan",
        "gzip;q=0",
        "*",
        "identity;q=0",
        ",,;;",
        "x" * 3000,
        "gzip, " * 500,
    ),
    "Range": (
        "bytes=0-1",
        "bytes=-1",
        "bytes=0-" + HUGE,
        "bytes=5-1",
        "lines=1",
        "bytes=" + "0-1," * 500,
    ),
    "If-Range": ("*", '"x"'),
    "If-None-Match": ("*", '"x"', 'W/"x"', '"' * 1000, "x,y,z", ""),
    "If-Match": ('"x"', "*"),
    "If-Modified-Since": (
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "x",
        "Mon, 32 Foo 99999 99:99:99 GMT",
        "0",
    ),
    "If-Unmodified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT",),
    "Cookie": ("django_language=xx", "csrf=" + "a" * 5000, ";;;===", "a=b; " * 500, 'csrf="\\777"'),
    "Referer": (
        "http://testserver/en/parks/",
        "//e",
        "http://[::1",
        CANARY,
        "x" * 5000,
        "http://testserver/%ff%00",
    ),
    "Origin": ("null", f"https://{EVIL}", "http://[::1", "x"),
    "User-Agent": (CANARY, "", "x" * 9000, "\xff\xfe"),
    "Content-Type": TYPES[:13],
    "Transfer-Encoding": ("chunked", "identity, chunked"),
    "Expect": ("100-continue", "x"),
    "Upgrade": ("h2c", "websocket"),
    "Connection": ("Host", "X-Forwarded-For, close"),
    "Authorization": ("Basic YTpi", "Bearer x", "Basic \xff"),
    "Sec-Fetch-Site": ("cross-site", "x"),
    "Purpose": ("prefetch",),
    "Via": ("1.1 x",),
    "Cache-Control": ("no-cache", "only-if-cached", "max-age=" + HUGE),
    "Traceparent": ("00-x", "0" * 1000),
}
