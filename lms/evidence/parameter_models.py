"""Items' parameters, set by set. Rows are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import SHARED, Model, UTCDateTime


class ParameterSet(Model):
    """One calibration, kept for ever: attempts stay scored with the set that they began with."""

    __tablename__ = "parameter_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    name: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(500), default="")
    moved: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # which items moved, how far and why
    drifted: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")  # see `watch`
    __table_args__ = SHARED


class ItemParameter(Model):
    """Slope, thresholds, asymptote and uncertainty of one item revision in one set; n is the answers behind them."""

    __tablename__ = "item_parameter"
    set_id: Mapped[int] = mapped_column(ForeignKey("parameter_set.id", ondelete="CASCADE"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    a: Mapped[float]
    b: Mapped[list[float]] = mapped_column(JSON)
    c: Mapped[float] = mapped_column(default=0.0)
    sd_b: Mapped[float] = mapped_column(default=0.0)
    origin: Mapped[str] = mapped_column(String(12))
    n: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        CheckConstraint("origin IN ('prior', 'calibrated')", name="origin_known"),
        CheckConstraint("a > 0 AND c >= 0 AND c < 1 AND sd_b >= 0 AND n >= 0", name="parameters_make_a_model"),
        SHARED,
    )
