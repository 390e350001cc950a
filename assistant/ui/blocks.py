"""What is on the page and what each event does. The one module that imports Gradio at its top:
event handlers need its types in their annotations. Only ``page`` imports it, on first use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape
from threading import Lock
from typing import Any, Final

import gradio as gr

from assistant.popularity import PERSONAL
from assistant.reply import Done
from assistant.ui import cards
from assistant.ui.record import Record
from assistant.ui.session import MAX_CHARS, Session, Talker, Turn
from catalog.errors import ShopmomentError

OpenAssistant = Callable[[str, str | None], Talker]
"""Opens a catalogue for a shopper (None: for no one in particular)."""

NO_ONE: Final = "No one in particular"
WAITING: Final = 64
"""Events that may wait in the queue; the next is told that the shop is full."""
WORKERS: Final = 8

_SHELF_CLICKS: Final = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.drop) trigger('drop', {label: button.dataset.drop});
  if (button.dataset.act) trigger('act', {act: button.dataset.act, item: button.dataset.item});
});
"""
# The box is emptied in the browser as it is read, so that nothing typed meanwhile is lost.
_EMPTY_BOX: Final = """
(...inputs) => {
  const box = document.querySelector('#sm-box textarea');
  if (box.value === inputs[0]) {
    box.value = '';
    box.dispatchEvent(new Event('input', {bubbles: true}));
  }
  return inputs;
}
"""
# The file is made in the browser: the server writes none. The page forgets its text (null).
_DOWNLOAD: Final = """
(file) => {
  if (file) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([file.text], {type: 'application/octet-stream'}));
    link.download = file.name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  return null;
}
"""
_BRAND: Final = (
    '<a class="sm-brand" href="./" aria-label="Shopmoment: reload the page">'
    '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 11h18l1.500 16h-21z"/>'
    '<path d="M11.500 14v-4a4.500 4.500 0 0 1 9 0v4"/></svg><span>Shopmoment</span></a>'
)
_HELLO: Final = (
    '<div class="sm-hello"><p>{}</p><p>Try one of these, or say it your own way.</p></div>'
)


_DIAL: Final = (("Personal", PERSONAL), ("In between", PERSONAL / 2), ("Popular", 0.0))
"""Places of the dial."""


class Shops:
    """The catalogues this server has opened; each is opened once, on first use."""

    def __init__(self, open_assistant: OpenAssistant) -> None:
        self._open = open_assistant
        self._shops: dict[str, Talker] = {}
        self._lock = Lock()

    def shop(self, catalog: str) -> Talker:
        """The assistant whose index and model all conversations on ``catalog`` share."""
        with self._lock:
            if catalog not in self._shops:
                self._shops[catalog] = self._open(catalog, None)
            return self._shops[catalog]

    def session(self, catalog: str, shopper: str | None) -> Session:
        """A new, empty conversation."""
        talker = self.shop(catalog).new_conversation(shopper or None)
        known = (key for key, label in talker.shoppers if _names(shopper, label, key))
        return Session(talker, Record(catalog, next(known, shopper or None)))

    def close(self) -> None:
        """Close every catalogue."""
        with self._lock:
            while self._shops:
                self._shops.popitem()[1].close()


class Page:
    """The components, and the handlers of their events.

    A tab's Session lives in ``gr.State``: made when the page loads, made again when
    a picker changes or the server has forgotten a tab that slept for long.
    """

    def __init__(
        self, shops: Shops, catalogs: Sequence[str], catalog: str, shopper: str | None
    ) -> None:
        self.shops = shops
        self.catalog = catalog
        with gr.Blocks(title="Shopmoment", fill_width=True, analytics_enabled=False) as blocks:
            self.session = gr.State(None)
            self._bar(catalogs, shopper)
            self._room()
            self._wire(blocks)
        self.blocks = blocks.queue(max_size=WAITING, default_concurrency_limit=WORKERS)

    def _bar(self, catalogs: Sequence[str], shopper: str | None) -> None:
        with gr.Row(elem_id="sm-bar"):
            gr.HTML(_BRAND, elem_id="sm-brand", js_on_load=None, apply_default_css=False)
            self.catalogs = gr.Dropdown(
                list(catalogs), value=self.catalog, label="Catalogue", elem_id="sm-catalog",
                min_width=120, container=False, filterable=False,
            )  # fmt: skip
            people = [(NO_ONE, ""), *([(shopper, shopper)] if shopper else [])]
            self.shoppers = gr.Dropdown(
                people, value=shopper or "", label="Shopping for", elem_id="sm-shopper",
                min_width=120, container=False, filterable=False,
            )  # fmt: skip
            self.dial = gr.Dropdown(
                list(_DIAL), value=PERSONAL, label="What others buy", elem_id="sm-dial",
                min_width=100, container=False, filterable=False,
            )  # fmt: skip
            self.basket = gr.HTML(
                cards.basket((), (), {}),
                elem_id="sm-basket",
                js_on_load=None,
                apply_default_css=False,
            )
            self.again = gr.Button("Start over", elem_id="sm-again", size="sm", min_width=80)

    def _room(self) -> None:
        with gr.Row(elem_id="sm-room"):
            with gr.Column(elem_id="sm-talk", scale=5, min_width=300):
                self.chat = gr.Chatbot(
                    elem_id="sm-chat", label="Conversation", show_label=False, container=False,
                    height="100%", buttons=[], layout="bubble", sanitize_html=True, allow_tags=False,
                    # Answers may quote the catalogue: shown as text, never read as Markdown.
                    render_markdown=False, latex_delimiters=[], feedback_options=None,
                    allow_file_downloads=False, placeholder=" ",
                )  # fmt: skip
                self.box = gr.Textbox(
                    elem_id="sm-box", label="Say what you are looking for", show_label=False,
                    placeholder="What are you looking for?", lines=1, max_lines=5,
                    max_length=MAX_CHARS, submit_btn=True, autofocus=True, container=False,
                )  # fmt: skip
                self.save = gr.Button(
                    "Save conversation", elem_id="sm-save", size="sm", interactive=False,
                    min_width=80,
                )  # fmt: skip
                self.file = gr.JSON(visible=False)
            with gr.Column(elem_id="sm-side", scale=7, min_width=300):
                self.shelf = gr.HTML(
                    cards.shelf(None),
                    elem_id="sm-shelf",
                    js_on_load=_SHELF_CLICKS,
                    apply_default_css=False,
                )

    def _wire(self, blocks: gr.Blocks) -> None:
        hidden = {"show_progress": "hidden", "api_visibility": "private"}
        # Queued by our Session, in order, so that an utterance said meanwhile is shown at once.
        quick = {**hidden, "queue": False, "trigger_mode": "multiple"}
        where = [self.session, self.catalogs, self.shoppers]
        heard = [self.session, self.chat]
        turns = [
            self.box.submit(self.say, [self.box, *where], heard, js=_EMPTY_BOX, **quick),
            self.chat.option_select(self.pick, where, heard, **quick),
            self.chat.example_select(self.pick, where, heard, **quick),
            self.shelf.drop(self.drop, where, heard, **quick),
            self.shelf.act(self.act, where, heard, **quick),
            self.dial.select(self.lean, [self.dial, *where], heard, **quick),
        ]
        shown = [self.chat, self.shelf, self.basket, self.save]
        running = [
            turn.then(self.run, [self.session], shown, trigger_mode="multiple", **hidden)
            for turn in turns
        ]
        fresh = [self.session, *shown, self.shoppers, self.dial]
        pickers = [self.catalogs, self.shoppers]
        blocks.load(self.begin, pickers, fresh, **hidden)
        made = self.save.click(self.download, [self.session], [self.file, self.save], **hidden)
        made.then(None, [self.file], [self.file], js=_DOWNLOAD, **hidden)
        self.again.click(self.begin, pickers, fresh, cancels=running, **hidden)
        self.shoppers.select(self.begin, pickers, fresh, cancels=running, **hidden)
        self.catalogs.select(self.begin, [self.catalogs], fresh, cancels=running, **hidden)

        default = self.catalog

        def chat(text: str, catalog: str = default, shopper: str = "") -> dict[str, Any]:
            """Answer one utterance in a conversation of its own; the JSON of ``shop ask --json``."""
            return answer_once(self.shops, text, catalog, shopper)

        gr.api(chat, api_name="chat")

    def begin(self, catalog: str, shopper: str | None = None) -> tuple[Any, ...]:
        """An empty conversation with the greeting; a failure is told in the chat."""
        nothing = cards.shelf(None), cards.basket((), (), {}), save_button(None)
        try:
            live = self.shops.session(catalog, shopper)
        except ShopmomentError as problem:
            return (None, gr.Chatbot(_told(problem)), *nothing, gr.skip(), gr.skip())
        people = [(NO_ONE, ""), *((label, key) for key, label in live.talker.shoppers)]
        chat = gr.Chatbot(
            [],
            placeholder=_HELLO.format(escape(live.talker.greeting())),
            examples=[{"text": text} for text in live.talker.greeting_examples()],
        )
        picked = gr.Dropdown(people, value=live.record.shopper or "")
        turned = gr.Dropdown(_dial_choices(live.talker.dial), value=live.talker.dial)
        return (live, chat, *nothing, picked, turned)

    def say(self, text: str, live: Session | None, catalog: str, shopper: str) -> tuple[Any, Any]:
        """The box was sent."""
        return self._add(live, catalog, shopper, lambda s: s.say(text or ""))

    def pick(
        self, live: Session | None, catalog: str, shopper: str, event: gr.SelectData
    ) -> tuple[Any, Any]:
        """A quick reply or an example was clicked."""
        value = event.value["text"] if isinstance(event.value, dict) else event.value
        return self._add(live, catalog, shopper, lambda s: s.say(str(value)))

    def drop(
        self, live: Session | None, catalog: str, shopper: str, event: gr.EventData
    ) -> tuple[Any, Any]:
        """A chip's cross was clicked."""
        return self._add(live, catalog, shopper, lambda s: s.drop(str(event.label)))

    def act(
        self, live: Session | None, catalog: str, shopper: str, event: gr.EventData
    ) -> tuple[Any, Any]:
        """A card's button was clicked."""
        return self._add(live, catalog, shopper, lambda s: s.act(str(event.act), str(event.item)))

    def lean(
        self, dial: float, live: Session | None, catalog: str, shopper: str
    ) -> tuple[Any, Any]:
        """The dial between popular and personal was turned."""
        return self._add(live, catalog, shopper, lambda s: s.lean(float(dial)))

    def download(self, live: Session | None) -> tuple[dict[str, str] | None, Any]:
        """Save conversation was clicked: name and text of the file the browser is to make."""
        if live is None or not live.record.replies:
            gr.Warning("The shop no longer holds this conversation.")
            return None, save_button(None)
        record = live.record
        name = record.file_name(datetime.now().astimezone())
        return {"name": name, "text": record.lines()}, save_button(record)

    def run(self, live: Session | None) -> Iterator[tuple[Any, Any, Any, Any]]:
        """Play what is queued; every piece is shown as it comes."""
        # When another run took our turn there is nothing to show here, and a generator that
        # yields nothing would blank its outputs.
        yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
        if live is None:
            return
        for _ in live.run():
            yield (
                messages(live.turns),
                cards.shelf(
                    live.reply, live.chips, status=live.status, saved=live.saved, parity=live.parity
                ),
                cards.basket(live.saved, live.cart, live.products),
                save_button(live.record),
            )

    def _add(
        self, live: Session | None, catalog: str, shopper: str, add: Callable[[Session], bool]
    ) -> tuple[Any, Any]:
        try:
            live = live or self.shops.session(catalog, shopper)
        except ShopmomentError as problem:
            return None, _told(problem)
        return (live, messages(live.turns)) if add(live) else (live, gr.skip())


def _dial_choices(dial: float) -> list[tuple[str, float]]:
    """The dial's places, with the one the server was started at."""
    named = list(_DIAL)
    return named if any(dial == value for _, value in named) else [*named, (f"Dial {dial:g}", dial)]


def save_button(record: Record | None) -> Any:
    """The button as it is for a record; without any turn in it, it cannot be pressed or seen."""
    kept = len(record.replies) if record else 0
    cut = f"Save the first {kept} turns" if record and record.left_out else "Save conversation"
    return gr.Button(cut, interactive=kept > 0)


def messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The turns as Chatbot messages; only the last one offers its quick replies."""
    turns = list(turns)
    told: list[dict[str, Any]] = []
    for turn in turns:
        # Even with Markdown off the Chatbot inserts text as (sanitized) HTML: escape it.
        told.append({"role": "user", "content": escape(turn.said)})
        text = "\n".join(part for part in (turn.note, turn.answer) if part)
        content: list[Any] = [escape(text)] if text else []
        if turn.differences:
            table = cards.comparison(turn.differences, turn.compared)
            content.append(gr.HTML(table, js_on_load=None, apply_default_css=False, render=False))
        if not content and not turn.done:
            content.append("…")
        if content:
            options = turn.options if turn is turns[-1] else ()
            told.append(
                {
                    "role": "assistant",
                    "content": content,
                    "options": [{"value": option, "label": option} for option in options],
                }
            )
    return told


def answer_once(shops: Shops, text: str, catalog: str, shopper: str) -> dict[str, Any]:
    """One utterance in a conversation of its own; raises gr.Error with the problem in one line."""
    try:
        talker = shops.shop(catalog).new_conversation(shopper or None)
        for event in talker.stream(text[:MAX_CHARS]):
            if isinstance(event, Done):
                return event.reply.to_json()
    except ShopmomentError as problem:
        raise gr.Error(str(problem), print_exception=False) from problem
    raise gr.Error("no reply came; the server's log says why", print_exception=False)


def _told(problem: ShopmomentError) -> list[dict[str, Any]]:
    return [{"role": "assistant", "content": escape(str(problem))}]


def _names(shopper: str | None, label: str, key: str) -> bool:
    """Whether the id or the name a shopper was asked for by means this choice of the picker."""
    asked = (shopper or "").casefold()
    return asked in (key.casefold(), label.partition(":")[0].casefold())
