"""Product feeds in: one adapter a format, one mapping, one conversion."""

from catalog.feeds.feed import FORMATS, Feed, read_feed
from catalog.feeds.report import FeedIssue, FeedReport

__all__ = ["FORMATS", "Feed", "FeedIssue", "FeedReport", "read_feed"]
