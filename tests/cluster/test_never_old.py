"""An edit is seen everywhere at once. Light, so it comes while refused mails wait."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter

from tests.cluster.proxy import answer

EDIT = """
import time
from core.models import SiteSettings
site = SiteSettings.objects.get()
site.name_en = "MARK"
site.save()
print("committed", time.time())
"""


def test_an_edit_is_seen_everywhere_within_a_second_and_a_half(healthy, report):
    """The edit is made on the machine of the first node; the other finds it in the database."""
    late: dict[str, float] = {}
    asked: Counter[str] = Counter()
    places = {
        "the node of the edit": healthy.nodes[0].url,
        "the other node": healthy.nodes[1].url,
        "nginx": healthy.url,
    }
    for round_ in range(3):
        mark = f"Mark {round_} {secrets.token_hex(4)}"
        done = threading.Event()
        #: When each place last showed the page without the mark.
        last_old: dict[str, float] = {}

        def look(name: str, mark=mark, done=done, last_old=last_old) -> None:
            while not done.is_set():
                begun = time.time()
                body = answer(f"{places[name]}/en/", Host=healthy.url[7:])[2].decode()
                asked[name] += 1
                if mark not in body:
                    last_old[name] = begun
                time.sleep(0.01)

        threads = [threading.Thread(target=look, args=(name,)) for name in places]
        for thread in threads:
            thread.start()
        output = healthy.manage("shell", "-v", "0", "-c", EDIT.replace("MARK", mark))
        time.sleep(2)
        done.set()
        for thread in threads:
            thread.join()
        committed = float(output.split()[-1])
        for name in places:
            late[name] = max(late.get(name, 0.0), last_old[name] - committed)
    for name, seconds in late.items():
        report.add(f"edit seen at {name}", asked[name], 0, 0, max(seconds, 0.0))
    assert late["the node of the edit"] <= 1
    assert late["the other node"] <= 1
    assert late["nginx"] <= 1.5
