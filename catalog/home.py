"""Where everything that is not code lives: models and indexes."""

from __future__ import annotations

import os
from pathlib import Path


def home_dir() -> Path:
    """``SHOPMOMENT_HOME``, by default ``~/.cache/shopmoment``; not created here.

    ``models/`` holds fetched weights, ``catalogs/NAME/`` the versions of an index.
    """
    configured = os.environ.get("SHOPMOMENT_HOME", "").strip()
    return Path(configured).expanduser() if configured else Path.home() / ".cache" / "shopmoment"
