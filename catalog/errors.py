"""Every error the program raises on purpose.

The tree::

    ShopmomentError            one line: what, where, what to do next
    ├── FeedError              a product feed cannot be read
    ├── IndexingError          an index cannot be built or written
    │   ├── IndexLocked        another process is writing this catalogue
    │   └── IndexDamaged       files of an index are missing or altered
    ├── CatalogNotFound        no catalogue of that name is indexed
    ├── ShopperNotFound        the catalogue has no shopper of that name
    ├── ModelError             a model cannot be fetched, loaded or run
    │   ├── ModelNotFound      no such model, or it is not on this machine
    │   ├── ModelDamaged       the file's sha256 is not the pinned one
    │   └── ModelTimeout       the model did not answer before its deadline
    ├── PromptError            a prompt file is missing, malformed or lacks a variable
    └── UsageError             an argument makes no sense

The command line prints the message on one line and exits with 2.
"""

from __future__ import annotations


class ShopmomentError(Exception):
    """Root of the tree; the message is one line meant for a person."""


class FeedError(ShopmomentError):
    """A product feed cannot be read; names the file and, where there is one, the line."""


class IndexingError(ShopmomentError):
    """An index cannot be built or written."""


class IndexLocked(IndexingError):
    """Another process is writing this catalogue's index."""


class IndexDamaged(IndexingError):
    """Files of an index are missing, truncated or altered."""


class CatalogNotFound(ShopmomentError):
    """No catalogue of that name is indexed."""


class ShopperNotFound(ShopmomentError):
    """The catalogue has no shopper of that name."""


class ModelError(ShopmomentError):
    """A model cannot be fetched, loaded or run."""


class ModelNotFound(ModelError):
    """No such model, or it is not on this machine."""


class ModelDamaged(ModelError):
    """A model file's sha256 is not the pinned one."""


class ModelTimeout(ModelError):
    """The model did not answer before its deadline."""


class PromptError(ShopmomentError):
    """A prompt file is missing, malformed, or was given the wrong variables."""


class UsageError(ShopmomentError):
    """An argument makes no sense."""
