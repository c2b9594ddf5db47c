# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .model import Feed
from .read import read_gtfs
from .report import FeedReport, feed_report
from .services import busiest_weekday, service_on

__all__ = ["Feed", "FeedReport", "busiest_weekday", "feed_report", "read_gtfs", "service_on"]
