"""No pattern of ours runs for more than 100 ms on 50 kB of the worst text that we can think of."""

import gc
import pkgutil
import re
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

SIZE = 50_000
MOST_SECONDS = 0.1
PIECES = (
    *("a", " ", "0", "\n", ".", "-", "/", "<", "{{", "a@", "a.", "a-", "%", "\t ", "(", "园", "_1"),
    *("a ", "0,", "1 ", "<a ", "<!--", "&#", "https://a", "a@a.a", "aA0", "==", ",;", "\r\n"),
)
#: Asked at the beginning of a text only (``match``, ``fullmatch``): to search for them everywhere
#: would take the square of its length, which nobody does.
AT_THE_BEGINNING = {
    "core.intake_models.DOMAIN",
    "core.intake_models.EMAIL",
    "core.read_only.READING",
    "core.read_only.WITH",
    "inquiries.questions.LIST_MARK",
    "inquiries.questions.QUOTATION_BEGINS",
}
NASTY = tuple((piece * SIZE)[:SIZE] + ending for piece in PIECES for ending in ("!", "\0"))


def patterns() -> dict[str, re.Pattern]:
    """Compiled patterns of our modules, of the classes in them, and of every address."""
    root = Path(__file__).resolve().parents[2]
    ours = [app.name for app in apps.get_app_configs() if Path(app.path).parent == root]
    for name in ours:
        for module in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
            if ".migrations" not in module.name and ".management." not in module.name:
                import_module(module.name)
    found = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in ours:
            continue
        for key, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                found[f"{name}.{key}"] = value
            elif isinstance(value, type) and value.__module__ == name:
                found |= {
                    f"{name}.{key}.{inner}": one
                    for inner, one in vars(value).items()
                    if isinstance(one, re.Pattern)
                }
    found |= {f"address {regex.pattern}": regex for regex in addresses(get_resolver())}
    return {name: one for name, one in found.items() if isinstance(one.pattern, str)}


def addresses(resolver: URLResolver):
    for entry in resolver.url_patterns:
        yield entry.pattern.regex
        if not isinstance(entry, URLPattern):
            yield from addresses(entry)


def slowest(name: str, pattern: re.Pattern) -> tuple[float, str]:
    """Seconds of CPU and the text, over all ways in which a pattern is used."""
    ask = pattern.match if name in AT_THE_BEGINNING else pattern.search
    worst = (0.0, "")
    for text in NASTY:
        begun = time.process_time()
        ask(text)
        pattern.fullmatch(text)
        worst = max(worst, (time.process_time() - begun, text[:8] + "…" + text[-2:]))
    return worst


def test_our_patterns_are_found():
    assert len(patterns()) > 40


def test_no_pattern_takes_long():
    gc.collect()
    slow = {}
    for name, pattern in patterns().items():
        seconds, text = slowest(name, pattern)
        if seconds > MOST_SECONDS:
            slow[name] = (round(seconds, 2), pattern.pattern[:120], text)
    assert not slow


@pytest.mark.parametrize("text", ["(a+)+$"])
def test_a_bad_pattern_would_be_found(text):
    begun = time.process_time()
    re.compile(text).search("a" * 22 + "!")
    assert time.process_time() - begun > 0.01
