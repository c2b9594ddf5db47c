"""A report a steering committee can read: one HTML file, offline, in English or Danish."""

from __future__ import annotations

from bykobling.report.assess import write_assessment_report
from bykobling.report.links import write_links_report
from bykobling.report.noise_picture import write_noise_picture
from bykobling.report.page import write_report

__all__ = ["write_assessment_report", "write_links_report", "write_noise_picture", "write_report"]
