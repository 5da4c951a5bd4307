"""The picture of a shared link: what it shows, to whom, and on which machine."""

import io

import pytest
from django.core.cache import caches
from django.urls import reverse
from PIL import Image, ImageChops, ImageFont

from core.models import SiteSettings
from investment.models import Project
from news.models import Post
from parks.models import Industry, Park
from portal import share_drawing, share_images
from portal.models import HistoryEvent, Page
from portal.share_drawing import chinese_font_path, draw_share_image, wrap_text
from portal.share_images import MODELS, SECTIONS


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture.convert("RGB")


@pytest.fixture
def no_fonts(monkeypatch):
    """A machine without any font file."""
    share_drawing._find_font.cache_clear()
    monkeypatch.setattr(share_drawing, "FONT_FOLDERS", ())
    yield
    share_drawing._find_font.cache_clear()


@pytest.fixture
def font():
    return ImageFont.load_default(40)


class TestDrawing:
    def test_it_is_a_small_png_of_the_size_that_networks_ask_for(self):
        content = draw_share_image("Harbour Park", "Industrial park", "Zhaoqing Cluster", "en")
        assert content.startswith(b"\x89PNG")
        assert opened(content).size == (1200, 630)
        assert len(content) < 60_000

    def test_equal_texts_give_equal_bytes_and_others_do_not(self):
        first = draw_share_image("A", "", "", "en")
        assert first == draw_share_image("A", "", "", "en")
        assert first != draw_share_image("B", "", "", "en")

    def test_every_seed_has_a_landscape_of_its_own(self):
        seeds = ("", "park/lingang", "park/jinli", "project/lingang")
        pictures = {draw_share_image("", "", "", "en", seed) for seed in seeds}
        assert len(pictures) == len(seeds)
        assert draw_share_image("", "", "", "en", seeds[1]) in pictures

    @pytest.mark.parametrize("seed", [f"park/{number}" for number in range(12)])
    def test_a_landscape_leaves_room_for_the_title(self, seed):
        picture = opened(draw_share_image("", "", "", "en", seed))
        sky = picture.crop((0, 0, 1200, share_drawing.TEXT_BOTTOM - 20)).convert("L")
        assert sky.getextrema()[0] > 230

    def test_without_any_text_the_landscape_remains(self):
        assert opened(draw_share_image("", "", "", "en")).size == (1200, 630)

    @pytest.mark.parametrize(
        "title", ["a" * 5000, "词" * 5000, "word " * 1000, "（" * 300, "，" * 99]
    )
    def test_an_endless_title_stays_above_the_landscape(self, title):
        bare = opened(draw_share_image("", "", "", "en"))
        picture = opened(draw_share_image(title, "", "", "zh-hans"))
        for area in (
            (0, share_drawing.TEXT_BOTTOM + 20, 1200, 630),
            (1200 - share_drawing.MARGIN // 2, 0, 1200, 360),
        ):
            difference = ImageChops.difference(bare.crop(area), picture.crop(area)).convert("L")
            # The palettes of two pictures differ a little; ink on paper differs a lot.
            assert difference.getextrema()[1] < 40

    def test_a_chinese_title_is_left_out_where_it_cannot_be_drawn(self, no_fonts):
        assert chinese_font_path() is None
        empty = draw_share_image("", "", "Cluster", "zh-hans")
        assert draw_share_image("产业园", "园区", "Cluster", "zh-hans") == empty

    def test_a_latin_title_is_drawn_even_without_any_font_file(self, no_fonts):
        assert draw_share_image("Park", "", "", "en") != draw_share_image("", "", "", "en")

    def test_a_chinese_title_is_drawn_where_there_is_a_font(self):
        if chinese_font_path() is None:
            assert draw_share_image("园区", "", "", "en") == draw_share_image("", "", "", "en")
        else:
            assert draw_share_image("园区", "", "", "en") != draw_share_image("", "", "", "en")


class TestWrapping:
    def test_latin_breaks_between_words(self, font):
        lines = wrap_text("one two three four five six seven eight", font, 300)
        assert len(lines) > 1
        assert " ".join(lines) == "one two three four five six seven eight"
        assert all(font.getlength(line) <= 300 for line in lines)

    def test_chinese_breaks_between_signs_but_not_before_a_closing_mark(self, monkeypatch):
        class Square:
            def getlength(self, text):
                return 10 * len(text)

        lines = wrap_text("一二三四，五（六）七", Square(), 40)
        assert lines == ["一二三", "四，五", "（六）七"]

    def test_a_word_longer_than_a_line_is_cut(self, font):
        lines = wrap_text("x" * 100, font, 200)
        assert "".join(lines) == "x" * 100
        assert all(font.getlength(line) <= 200 for line in lines)

    def test_nothing_is_no_line(self, font):
        assert wrap_text("   ", font, 200) == []


@pytest.fixture
def empty_cache():
    caches["images"].clear()
    yield
    caches["images"].clear()


@pytest.fixture
def drawn(monkeypatch, empty_cache):
    """The texts that were drawn, instead of pictures."""
    calls = []

    def note(*texts):
        calls.append(texts)
        return b"png"

    monkeypatch.setattr(share_images, "draw_share_image", note)
    return calls


@pytest.fixture
def about_page(db):
    return Page.objects.create(
        slug="about", title_en="About us", title_zh_hans="关于我们", status="published"
    )


@pytest.mark.django_db
class TestAddress:
    def test_every_page_of_the_site_has_one(self, client, drawn):
        SiteSettings.objects.create(name_en="Portal", claim_en="Land by the river")
        assert client.get("/en/share/site/home.png").status_code == 200
        assert drawn[0][0] == "Land by the river"
        for section in SECTIONS:
            assert client.get(f"/en/share/site/{section}.png").status_code == 200

    def test_it_shows_the_title_in_the_language_of_the_address(self, client, about_page, drawn):
        for language in ("en", "zh-hans", "zh-hant"):
            response = client.get(f"/{language}/share/page/about.png")
            assert response["Content-Type"] == "image/png"
            assert "max-age=86400" in response["Cache-Control"]
            assert not response.cookies
        assert [texts[0] for texts in drawn] == ["About us", "关于我们", "关于我们"]

    def test_it_really_is_a_picture(self, client, about_page, empty_cache):
        response = client.get(reverse("portal:share_image", args=["page", "about"]))
        assert opened(response.content).size == (1200, 630)

    def test_the_second_visitor_gets_the_kept_one(self, client, about_page, drawn):
        for _visit in range(2):
            assert client.get("/en/share/page/about.png").content == b"png"
        assert len(drawn) == 1

    def test_pictures_crowd_nothing_else_out(self, client, about_page, drawn):
        client.get("/en/share/page/about.png")
        caches["images"].clear()
        client.get("/en/share/page/about.png")
        assert len(drawn) == 2

    def test_a_changed_title_gets_a_new_one(self, client, about_page, drawn):
        client.get("/en/share/page/about.png")
        Page.objects.update(title_en="Who we are")
        client.get("/en/share/page/about.png")
        assert [texts[0] for texts in drawn] == ["About us", "Who we are"]

    def test_it_costs_two_queries(self, client, about_page, drawn, django_assert_num_queries):
        SiteSettings.objects.create(name_en="Portal")
        with django_assert_num_queries(2):
            client.get("/en/share/page/about.png")

    @pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
    def test_what_is_not_public_has_none(self, client, about_page, drawn, status):
        Page.objects.update(status=status)
        assert client.get("/en/share/page/about.png").status_code == 404
        assert drawn == []

    @pytest.mark.parametrize(
        "path", ["page/nothing", "site/nothing", "user/admin", "source/x", "page/home"]
    )
    def test_what_is_unknown_has_none(self, client, drawn, path):
        assert client.get(f"/en/share/{path}.png").status_code == 404

    def test_it_is_only_for_reading(self, client, about_page):
        assert client.post("/en/share/page/about.png").status_code == 405

    def test_every_public_kind_is_covered(self):
        assert set(MODELS.values()) == {Park, Industry, Project, Post, HistoryEvent, Page}
        assert all(MODELS)
