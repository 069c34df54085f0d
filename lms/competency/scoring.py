"""What the scorer needs of a framework: its level rules and its roles."""

from __future__ import annotations

from collections.abc import Mapping

from lms.competency.framework import EvidenceGate, Framework, Role
from lms.psychometrics import profile
from lms.psychometrics.evidence import Gate, Rules


def level_rules(framework: Framework) -> Rules:
    """The scorer's rules: cuts, gates, ageing and precision of the framework."""
    return Rules(
        cuts=framework.cuts.theta,
        sub_gates=_gates(framework.gates.sub_competency),
        skill_gates=_gates(framework.gates.skill),
        max_sd=framework.precision.max_sd,
        interval=framework.precision.interval,
        correlation=framework.precision.correlation,
        spread=framework.precision.spread,
        testlet_sd=framework.precision.testlet_sd,
        earned=framework.precision.earned,
        valid_months={sub.id: sub.evidence_valid_months for sub in framework.sub_competencies.values()},
    )


def role_profiles(framework: Framework) -> dict[str, profile.RoleProfile]:
    """Every role as the scorer holds a matrix against it, by id in the order of the framework."""
    return {role.id: _profile(framework, role) for role in framework.roles}


def _profile(framework: Framework, role: Role) -> profile.RoleProfile:
    below = framework.decision.floor_below if role.floor_below is None else role.floor_below
    return profile.RoleProfile(
        dict(role.required),
        dict(role.weights),
        dict(role.critical),
        below,
        framework.decision.probability,
        framework.decision.minimum,
    )


def _gates(gates: Mapping[int, EvidenceGate]) -> tuple[Gate, ...]:
    return tuple(
        Gate(level, gate.observations, gate.sub_competencies, gate.performance, gate.human, gate.portfolio)
        for level, gate in gates.items()
    )
