"""Simulating: plausible logs for a policy, from a seed (a sibling of testing)."""

from sladsl.simulating.faults import FaultError, Faults
from sladsl.simulating.simulate import FORMS, START, Log, NoSuchInputError, Settings, simulate

__all__ = ["FORMS", "START", "FaultError", "Faults", "Log", "NoSuchInputError", "Settings", "simulate"]
