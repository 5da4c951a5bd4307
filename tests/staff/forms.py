"""What a browser would send back: every box of a form as the page shows it."""

from bs4 import BeautifulSoup
from django.http import HttpResponse


def filled(response: HttpResponse, form_id: str) -> dict[str, object]:
    """Names and values of the form ``form_id`` in ``response``, ready for ``client.post``."""
    page = BeautifulSoup(response.content, "html.parser")
    form = page.find("form", id=form_id)
    assert form is not None, f"no form {form_id} on the page"
    data: dict[str, object] = {}
    for box in form.find_all(["input", "select", "textarea"]):
        name = box.get("name")
        if not name or "__prefix__" in name or box.get("type") in {"submit", "file"}:
            continue
        if box.get("type") in {"checkbox", "radio"}:
            if box.has_attr("checked"):
                data.setdefault(name, []).append(box.get("value", "on"))
        elif box.name == "select":
            chosen = [option.get("value", "") for option in box.find_all("option", selected=True)]
            if box.has_attr("multiple"):
                data[name] = chosen
            else:
                options = box.find_all("option")
                data[name] = chosen[0] if chosen else (options[0].get("value") if options else "")
        else:
            data[name] = (
                box.get_text().lstrip("\n") if box.name == "textarea" else box.get("value", "")
            )
    return data
