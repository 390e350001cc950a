"""Facts out of prose: what titles and descriptions say becomes typed attributes, with their source.

Two passes: :meth:`Known.learn` reads the feed once for what it teaches (its brands, what it calls
a litre of a kettle), :func:`extract` then reads each product. Nothing the feed states is touched.
Wherever a text can be read in two ways nothing is taken from it: a wrong fact would hide a
product from the shopper who wants it, a missing one only leaves it unknown.
"""

from catalog.extraction.extract import extract
from catalog.extraction.known import Known

__all__ = ["Known", "extract"]
