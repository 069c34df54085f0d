"""The model's names and fixed tables. All are stylised, not statistics of real networks: they make decisions matter in
the directions that the courses teach (design: Campaign Lab 1.3, calibrated with bots, see `bots`)."""

from __future__ import annotations

import numpy as np

PLATFORMS = ("instagram", "facebook", "tiktok", "telegram", "linkedin")
FORMATS = ("photo", "carousel", "short_video", "story", "text_link", "poll")
LANGUAGES = ("hy", "ru", "en")
SEGMENTS, TOPICS, HOURS = 4, 5, 168  # of people, of a brief, of a week (hour 0 is Monday 00:00 in Yerevan)

BASE = np.array([12_600, 15_600, 10_800, 4_500, 3_600])  # people that a platform can reach at most in a segment
RHO = np.array([0.13, 0.06, 0.20, 0.35, 0.12])  # organic reach rate at perfect conditions
ALPHA = np.array([-3.6, -4.2, -3.1, -4.0, -3.6])  # logit of engagement per person reached
CTR = np.array([0.008, 0.010, 0.006, 0.020, 0.009])  # clicks per person reached
HALF_LIFE = np.array([6, 5, 18, 3, 20.0])  # hours in which a post finds half of its people
FATIGUE = np.array([5, 4, 6, 9, 3.0])  # recent posts at which reach has halved
CPM = np.array([900, 700, 800, 1500, 4500.0])  # drams for a thousand paid views
TAU = np.array([1.0, 2.0, 2.2, 0.6, 0.8, 0.6])  # hours of work that give 63 % of a format's quality
FIT = np.array(  # how well a format goes on a platform, 0..1
    [
        [0.85, 1, 1, 0.8, 0.15, 0.6],
        [0.8, 0.75, 0.85, 0.45, 0.7, 0.7],
        [0.15, 0.35, 1, 0.3, 0.02, 0.2],
        [0.8, 0.4, 0.65, 0.3, 0.9, 0.9],
        [0.6, 1, 0.6, 0.05, 0.85, 0.75],
    ]
)
