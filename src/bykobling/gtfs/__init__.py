"""GTFS feeds -> tables."""

from __future__ import annotations

from bykobling.gtfs.model import Feed
from bykobling.gtfs.read import read_gtfs
from bykobling.gtfs.report import FeedReport, feed_report
from bykobling.gtfs.services import busiest_weekday, service_on

__all__ = ["Feed", "FeedReport", "busiest_weekday", "feed_report", "read_gtfs", "service_on"]
