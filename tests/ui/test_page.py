"""The page in a headless Chromium, with a fake assistant whose gate stands for the slow model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.record import read_conversation
from tests.ui.conftest import OpenTab, Site
from tests.ui.shopfront import HOSTILE_TITLE

pytestmark = pytest.mark.browser


def test_the_page_loads_without_console_errors_or_outside_requests(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("kettle")
    tab.page.get_by_text("Number 1 for you.").wait_for()

    assert tab.errors == []
    assert tab.outside == []


def test_cards_and_text_show_while_the_model_still_works(open_tab: OpenTab, site: Site) -> None:
    site.demo.gate.clear()
    tab = open_tab()

    tab.say("trail shoes")
    tab.page.locator(".sm-card h3").nth(1).wait_for()
    tab.page.get_by_text("adding reasons…").wait_for()
    assert tab.cards() == ["Strada trail running shoes", "Pico trail shoes for kids"]
    assert tab.page.get_by_text("2 that fit.", exact=True).count() == 1
    assert tab.page.get_by_text("Number 1 for you.").count() == 0

    site.demo.gate.set()
    tab.page.get_by_text("Number 2 for you.").wait_for()
    tab.wait_idle()


def test_what_is_said_during_a_turn_waits_and_is_answered_in_order(
    open_tab: OpenTab, site: Site
) -> None:
    site.demo.gate.clear()
    tab = open_tab()

    tab.say("trail shoes")
    tab.page.locator(".sm-card").first.wait_for()
    tab.say("floor lamp")
    tab.say("oat granola")
    tab.page.locator("#sm-chat .user-row").nth(2).wait_for()
    assert site.demo.heard == ["trail shoes"]

    site.demo.gate.set()
    tab.page.get_by_role("heading", name="Alto oat granola").wait_for()
    assert site.demo.heard == ["trail shoes", "floor lamp", "oat granola"]


def test_an_empty_message_does_nothing(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab()
    tab.say("   ")
    tab.say("floor lamp")
    tab.page.get_by_role("heading", name="Mora floor lamp").wait_for()

    assert site.demo.heard == ["floor lamp"]
    assert tab.page.locator("#sm-chat .user-row").count() == 1


def test_a_removed_chip_widens_the_list(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("trail shoes, not red")
    tab.page.get_by_role("button", name="Remove not red").wait_for()
    tab.wait_idle()
    assert tab.cards() == ["Strada trail running shoes"]

    tab.page.get_by_role("button", name="Remove not red").click()
    tab.page.get_by_role("heading", name="Pico trail shoes for kids").wait_for()
    tab.wait_idle()
    assert tab.page.locator(".sm-chip").count() == 0


def test_a_quick_reply_is_sent_by_one_click(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab()
    tab.page.get_by_role("button", name="a quiet kettle under $60").click()
    tab.page.get_by_role("button", name="more than 1 l").click()
    tab.page.locator("#sm-chat").get_by_text("Nothing fits all of that.").wait_for()

    assert site.demo.heard == ["a quiet kettle under $60", "more than 1 l"]


def test_hostile_listings_and_messages_are_shown_as_text(open_tab: OpenTab) -> None:
    tab = open_tab()
    said = "kettle <img src=x onerror=alert(9)> **b** {{1+1}} ${alert(8)} <script>alert(7)</script>"
    tab.say(said)
    tab.page.get_by_role("heading", name=HOSTILE_TITLE).wait_for()
    tab.wait_idle()
    tab.page.wait_for_timeout(300)

    assert HOSTILE_TITLE in tab.cards()
    assert tab.page.locator("#sm-chat .user-row").inner_text().strip() == said
    assert (
        tab.page.locator("#sm-room img, #sm-room script, #sm-room h3 a, #sm-room strong").count()
        == 0
    )
    assert (tab.dialogs, tab.errors, tab.outside) == ([], [], [])


def test_a_saved_card_is_counted_and_listed(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab()
    tab.say("trail shoes")
    tab.page.get_by_role("button", name="Save: Pico trail shoes for kids").click()
    counter = tab.page.get_by_role("button", name="Saved: 1", exact=True)
    counter.click()

    assert (
        tab.page.locator("#sm-saved li").inner_text().split("\n")[0] == "Pico trail shoes for kids"
    )
    assert site.demo.heard == ["trail shoes", "save the second one"]


def test_a_comparison_is_a_table_in_the_chat(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("trail shoes")
    tab.say("whats the difference between the two")
    table = tab.page.locator("#sm-chat .sm-compare table")
    table.wait_for()

    assert table.locator("th[scope=col]").all_inner_texts() == [
        "1 Strada trail running shoes", "2 Pico trail shoes for kids",
    ]  # fmt: skip
    assert table.locator("tbody tr").nth(1).inner_text().split() == [
        "price", "$49.00", "not", "stated",
    ]  # fmt: skip


def test_a_failing_turn_says_so_in_a_line_and_the_next_works(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("break")
    tab.page.get_by_text("model did not answer in 20 s; try again or use --model none").wait_for()
    tab.say("floor lamp")
    tab.page.get_by_role("heading", name="Mora floor lamp").wait_for()


def test_nothing_that_fits_is_told_with_labelled_near_misses(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("floor lamp under 40")
    tab.page.get_by_role("heading", name="Close, but not quite").wait_for()

    near = tab.page.locator(".sm-near")
    assert near.locator(".sm-breaks").inner_text() == "$12 over your limit"
    assert near.locator("h3").inner_text() == "Mora floor lamp"


def test_two_browsers_do_not_mix(open_tab: OpenTab) -> None:
    one, two = open_tab(), open_tab()
    one.say("trail shoes, not red")
    two.say("kettle")
    one.page.get_by_text("Number 1 for you.").wait_for()
    two.page.get_by_text("Number 1 for you.").wait_for()

    assert one.cards() == ["Strada trail running shoes"]
    assert len(two.cards()) == 4
    assert two.page.locator(".sm-chip").count() == 0
    assert "kettle" not in one.page.locator("#sm-chat").inner_text()


def test_starting_over_and_another_catalogue_begin_empty(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab()
    tab.say("trail shoes, not red")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    tab.page.get_by_role("button", name="Start over").click()
    tab.page.get_by_text("things from the demo shop").wait_for()
    assert tab.page.locator(".sm-card, .sm-chip, #sm-chat .user-row").count() == 0

    tab.say("floor lamp")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    tab.page.get_by_label("Shopping for").click()
    tab.page.keyboard.press("Escape")
    tab.say("kettle")
    tab.page.locator(".sm-card").nth(3).wait_for()
    assert tab.page.locator("#sm-chat .user-row").count() == 2, "looking at a picker keeps the talk"

    tab.page.get_by_label("Catalogue").click()
    tab.page.get_by_role("option", name="toys").click()
    tab.page.get_by_text("things from the toys shop").wait_for()
    tab.say("wooden blocks")
    tab.page.get_by_role("heading", name="Kubi wooden blocks").wait_for()
    assert site.shops["toys"].heard == ["wooden blocks"]


def test_the_dial_is_turned_and_is_back_in_a_new_conversation(
    open_tab: OpenTab, site: Site
) -> None:
    tab = open_tab()
    tab.say("kettle")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    dial = tab.page.get_by_label("What others buy")
    assert dial.input_value() == "Personal"
    dial.click()
    tab.page.get_by_role("option", name="Popular").click()
    tab.page.locator("#sm-chat").get_by_text("More popular, please").wait_for()
    tab.wait_idle()
    assert site.shops["demo"].heard == ["kettle", "dial 0"]
    tab.page.get_by_role("button", name="Start over").click()
    tab.page.get_by_text("things from the demo shop").wait_for()
    assert dial.input_value() == "Personal"
    assert not tab.errors


@pytest.mark.parametrize("phone", [False, True])
def test_the_conversation_is_saved_by_the_browser_and_only_on_request(
    open_tab: OpenTab, tmp_path: Path, phone: bool
) -> None:
    tab = open_tab(390, 844, has_touch=True, is_mobile=True) if phone else open_tab()
    save = tab.page.get_by_role("button", name="Save conversation")
    assert save.count() == 0, "nothing to save, nothing to press"
    tab.page.get_by_label("Shopping for").click()
    tab.page.get_by_role("option", name="Ana").click()
    tab.say("trail shoes, not red")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    tab.page.get_by_role("button", name="Remove not red").click()
    tab.page.get_by_role("heading", name="Pico trail shoes for kids").wait_for()
    tab.wait_idle()
    for _ in range(2):  # the second is whole too
        with tab.page.expect_download() as download:
            save.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        held = read_conversation(path)
        assert path.match("demo-conversation-20??-??-??-????.jsonl")
        assert (held.catalog, held.shopper) == ("demo", "ana")
        assert [r["intent"]["text"] for r in held.replies] == ["trail shoes, not red", ""]
        path.unlink()
    assert (tab.errors, tab.outside) == ([], [])

    tab.page.get_by_role("button", name="Start over").click()
    tab.page.get_by_text("things from the").wait_for()
    save.wait_for(state="hidden")
    tab.say("floor lamp")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    with tab.page.expect_download() as download:
        save.click()
    (only,) = read_conversation(Path(download.value.path())).replies
    assert only["intent"]["text"] == "floor lamp", "starting over starts a new record"


@pytest.mark.parametrize("width", [390, 820, 1024])
def test_a_narrow_screen_has_no_sideways_scroll(open_tab: OpenTab, width: int) -> None:
    tab = open_tab(width, 844, has_touch=True, is_mobile=width < 900)
    tab.say("kettle shoes under 500, not green")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    tab.say("difference")
    tab.page.locator(".sm-compare").wait_for()

    widest: Any = tab.page.evaluate("document.documentElement.scrollWidth")
    assert widest <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_talk_scrolls_and_leaves_the_box_where_it_is(open_tab: OpenTab, width: int) -> None:
    tab = open_tab(width, 700)
    for turn in range(12):
        tab.say(f"trail shoes {turn}")
    tab.page.locator("#sm-chat .bot-row").nth(11).wait_for()
    tab.wait_idle()
    tab.page.wait_for_timeout(300)

    box, side = (tab.page.locator(i).bounding_box() for i in ("#sm-box", "#sm-side"))
    assert box["x"] + box["width"] <= (side["x"] if width > 820 else width)
    assert width <= 820 or box["y"] + box["height"] <= 700
    last = tab.page.locator("#sm-chat .user-row").last.bounding_box()
    assert last["y"] + last["height"] <= box["y"], "the newest lines are in view"


def test_the_keyboard_is_enough_and_the_caret_stays_in_the_box(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.say("floor lamp")
    tab.page.get_by_text("Number 1 for you.").wait_for()
    held = "document.activeElement.closest('#sm-box') !== null"
    assert tab.page.evaluate(held)

    tab.page.get_by_role("button", name="Save: Mora floor lamp").focus()
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("button", name="Saved: 1", exact=True).wait_for()
    tab.page.wait_for_function(held)


def test_a_very_long_message_is_cut_and_answered(open_tab: OpenTab, site: Site) -> None:
    tab = open_tab()
    box = tab.page.get_by_label("Say what you are looking for")
    assert box.get_attribute("maxlength") == "4000"
    # A client that ignores the limit of the box:
    box.evaluate("e => e.removeAttribute('maxlength')")
    tab.say("floor lamp " + "x" * 20_000)
    tab.page.get_by_role("heading", name="Mora floor lamp").wait_for()

    assert [len(text) for text in site.demo.heard] == [4000]
    assert "I read the first 4,000 characters" in tab.page.locator("#sm-chat").inner_text()


def test_text_on_the_page_has_enough_contrast_in_both_schemes(open_tab: OpenTab) -> None:
    for scheme in ("light", "dark"):
        tab = open_tab(color_scheme=scheme)
        tab.say("quiet kettle under 500")
        tab.page.get_by_text("Number 1 for you.").wait_for()
        tab.wait_idle()
        tab.page.wait_for_timeout(700)  # the cards fade in
        weak = tab.page.evaluate(_CONTRAST)
        assert weak == [], (scheme, weak)


def test_the_chat_endpoint_answers_with_the_documented_json(site: Site) -> None:
    from gradio_client import Client  # type: ignore[import-untyped]

    client = Client(site.url, verbose=False)
    answer = client.predict("trail shoes, not red", "demo", "", api_name="/chat")
    client.close()

    assert [r["id"] for r in answer["results"]] == ["s1"]
    assert answer["results"][0]["price"] == 129.0
    assert {"intent", "moment", "text", "question", "timings"} <= set(answer)
    assert json.dumps(answer)


_CONTRAST = """() => {
  const parse = (c) => {
    const n = c.match(/[\\d.]+/g).map(Number);
    const s = c.startsWith('color(srgb') ? 255 : 1;
    return [n[0] * s, n[1] * s, n[2] * s, n.length > 3 ? n[3] : 1];
  };
  const luminance = ([r, g, b]) => {
    const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b);
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c[3] > .99) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
    if (!text || !e.closest('#sm-bar, #sm-room') || !e.checkVisibility({visibilityProperty: true})) continue;
    if (e.closest('.sm-stars, .sm-sr, .sr-only, [popover]')) continue;
    const a = luminance(parse(getComputedStyle(e).color)), b = luminance(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push(`${text.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""
