"""Campaigns: an assessment that HR sets up for a role, the people invited to it, and how far each of them is."""

from __future__ import annotations

from flask import Flask

from lms.campaigns.candidacies import add_candidate, by_token, candidate_of, new_link, revoke, status
from lms.campaigns.models import Campaign, Candidate

__all__ = ["Campaign", "Candidate", "add_candidate", "by_token", "candidate_of", "new_link", "revoke", "status"]


def init_app(app: Flask) -> None:
    """Pages come with the set-up."""
