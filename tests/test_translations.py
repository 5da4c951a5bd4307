"""The Chinese of the interface: whole, today's, with the placeholders of the English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command
from django.template import engines
from django.template.base import Node, NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from cluster_site import settings as portal_settings
from publishing.management.commands.convert_translations import converted

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
#: Name of the function → place of the context, places of the texts.
MARKERS = {
    "_": (None, [0]),
    **{f"gettext{kind}": (None, [0]) for kind in ("", "_lazy", "_noop")},
    **{f"ngettext{kind}": (None, [0, 1]) for kind in ("", "_lazy")},
    **{f"pgettext{kind}": (0, [1]) for kind in ("", "_lazy")},
    **{f"npgettext{kind}": (0, [1, 2]) for kind in ("", "_lazy")},
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sdr]|(?<!%)\{\w*\}")


def name_of(catalogue: Path) -> str:
    return f"{catalogue.parts[-3]}/{catalogue.name}"


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def texts_in_python(source: str) -> Iterator[tuple[str | None, str]]:
    """Context and text of every marked literal."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(getattr(node, "func", None), "id", None)
        if not isinstance(node, ast.Call) or name not in MARKERS:
            continue
        context, places = MARKERS[name]
        values = [getattr(argument, "value", None) for argument in node.args]
        if len(values) > places[0] and isinstance(values[places[0]], str):
            yield (None if context is None else values[context], values[places[0]])


def nodes_of(nodes: NodeList) -> Iterator[Node]:
    return iter(nodes.get_nodes_by_type((TranslateNode, BlockTranslateNode)))


def texts_in_template(source: str) -> Iterator[tuple[str | None, str]]:
    template = engines["django"].from_string(source).template
    for node in nodes_of(template.nodelist):
        context = node.message_context and str(node.message_context.var)
        if isinstance(node, BlockTranslateNode):
            yield context, node.render_token_list(node.singular)[0]
        elif isinstance(node.filter_expression.var, str):
            yield context, node.filter_expression.var


def python_files() -> Iterator[Path]:
    apps = [ROOT / app for app in portal_settings.INSTALLED_APPS if (ROOT / app).is_dir()]
    for folder in [*apps, ROOT / "cluster_site"]:
        yield from folder.rglob("*.py")


def marked_texts() -> Iterator[tuple[str, str | None, str]]:
    """File, context and text of everything that is marked in code and templates."""
    for path in python_files():
        for context, text in texts_in_python(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), context, text
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in {".html", ".txt"}:
            for context, text in texts_in_template(path.read_text(encoding="utf-8")):
                yield str(path.relative_to(ROOT)), context, text


def test_there_is_one_catalogue_of_each_kind_for_each_chinese():
    assert [name_of(path) for path in CATALOGUES] == [
        "zh_Hans/django.po",
        "zh_Hans/djangojs.po",
        "zh_Hant/django.po",
        "zh_Hant/djangojs.po",
    ]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name_of)
def test_every_text_is_translated_and_none_is_a_guess(catalogue):
    entries = polib.pofile(str(catalogue))

    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name_of)
def test_translations_have_the_placeholders_of_the_english(catalogue):
    different = [
        (entry.msgid, text)
        for entry in polib.pofile(str(catalogue))
        for text in texts_of(entry)
        if set(PLACEHOLDER.findall(text))
        != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert different == []


def test_every_marked_text_is_in_the_catalogue():
    catalogue = polib.pofile(str(CATALOGUES[0]))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}

    missing = {
        f"{place}: {text}"
        for place, context, text in marked_texts()
        if (context, text) not in known
    }

    assert not missing, f"Run make messages and translate: {sorted(missing)}"


def test_markers_have_names_that_the_collector_knows():
    renamed = [
        f"{path.relative_to(ROOT)}: {alias.asname}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname not in {None, "_"} and alias.name in MARKERS
    ]
    assert renamed == []


def test_traditional_is_made_from_todays_simplified():
    call_command("convert_translations", check=True, verbosity=0)


@pytest.mark.parametrize(
    ("english", "simplified", "traditional"),
    [
        ("planned area", "规划面积", "規劃面積"),
        ("Leading industries", "主导产业", "主導產業"),
        ("Value chain", "产业链", "產業鏈"),
        ("Send an inquiry", "在线咨询", "網上查詢"),
        ("inquiry", "咨询", "查詢"),
        ("Contact", "联系我们", "聯絡我們"),
        ("E-mail", "电子邮箱", "電郵"),
        ("In production", "已投产", "已投產"),
        ("Not stated", "未说明", "未說明"),
    ],
)
def test_terms_of_the_field_are_the_agreed_ones(english, simplified, traditional):
    for folder, chinese in (("zh_Hans", simplified), ("zh_Hant", traditional)):
        catalogue = polib.pofile(str(ROOT / "locale" / folder / "LC_MESSAGES" / "django.po"))
        assert catalogue.find(english).msgstr == chinese


def catalogue_of(**texts: str) -> polib.POFile:
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(msgid=key, msgstr=text) for key, text in texts.items())
    return catalogue


def test_what_a_person_wrote_in_traditional_is_kept():
    header = 'msgid ""\nmsgstr ""\n\n'
    present = f'{header}# by hand\nmsgid "search"\nmsgstr "尋找"\n\nmsgid "save"\nmsgstr "舊"\n'

    made = converted(catalogue_of(search="搜索", save="保存"), present)

    assert [entry.msgstr for entry in made] == ["尋找", "儲存"]
    assert made[0].tcomment == "by hand"


def test_a_guessed_simplified_text_is_not_converted():
    simplified = catalogue_of(search="搜索")
    simplified[0].flags.append("fuzzy")

    made = converted(simplified, "")

    assert (made[0].msgstr, made[0].flags) == ("", [])


def test_a_changed_simplified_text_is_noticed(settings, tmp_path):
    for folder, text in (("zh_Hans", "新"), ("zh_Hant", "舊")):
        (tmp_path / folder / "LC_MESSAGES").mkdir(parents=True)
        catalogue_of(key=text).save(str(tmp_path / folder / "LC_MESSAGES" / "django.po"))
    settings.LOCALE_PATHS = [tmp_path]

    with pytest.raises(CommandError, match="convert_translations"):
        call_command("convert_translations", check=True)
    call_command("convert_translations", verbosity=0)
    call_command("convert_translations", check=True, verbosity=0)
