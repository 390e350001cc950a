"""The chat page: a chat on one side, the product cards on the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, Final

from assistant.ui.session import Talker
from catalog.errors import UsageError

_FONTS: Final = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO: Final = ("ui-monospace", "SFMono-Regular", "Menlo", "monospace")


def build_page(
    open_assistant: Callable[[str, str | None], Talker],
    catalogs: Sequence[str],
    *,
    catalog: str,
    shopper: str | None = None,
) -> Any:
    """The page as ``gr.Blocks``, with one public endpoint, ``/chat``: (text, catalog, shopper) → JSON.

    ``open_assistant(catalog, shopper)`` is called once a catalogue, on first use; every
    browser tab then gets a ``new_conversation`` of it. Serve it with :func:`launch`,
    since Gradio 6 takes style sheet and scripts there.
    """
    # Gradio reads these when it is imported, which takes seconds: hence not with this module.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from assistant.ui.blocks import Page, Shops

    return Page(Shops(open_assistant), catalogs, catalog, shopper).blocks


def launch(
    open_assistant: Callable[[str, str | None], Talker],
    catalogs: Sequence[str],
    *,
    catalog: str,
    shopper: str | None = None,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    wait: bool = True,
) -> Any:
    """Serve the page at ``http://host:port`` until interrupted, then return it.

    With ``wait=False`` it returns at once, serving in a thread; end it with ``.close()``.
    Raises UsageError when the port is taken.
    """
    page = build_page(open_assistant, catalogs, catalog=catalog, shopper=shopper)
    import gradio as gr

    ours = files("assistant.ui")
    # In the head our style sheet stays as written; given as css= Gradio rewrites its selectors.
    head = (
        f"<style>{(ours / 'page.css').read_text('utf-8')}</style>"
        f"<script>{(ours / 'page.js').read_text('utf-8')}</script>"
    )
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=list(_FONTS), font_mono=list(_MONO)
    )
    try:
        page.launch(
            server_name=host, server_port=port, inbrowser=open_browser, share=False, quiet=True,
            theme=theme, head=head, footer_links=[],
            state_session_capacity=500, max_file_size="1mb", ssr_mode=False, mcp_server=False,
            enable_monitoring=False, run_history=False, show_error=True, prevent_thread_lock=True,
        )  # fmt: skip
    except OSError as problem:
        raise UsageError(
            f"port {port} of {host} is taken or not allowed; choose another with --port"
        ) from problem
    if wait:
        page.block_thread()
    return page
