"""Testing: the scenarios of a policy, judged and compared with what they expect (a sibling of formatting and linting)."""

from sladsl.testing.coverage import Coverage, coverage_of
from sladsl.testing.scenarios import Failure, Scenario, ScenarioResult, run_scenario, scenarios_of

__all__ = ["Coverage", "Failure", "Scenario", "ScenarioResult", "coverage_of", "run_scenario", "scenarios_of"]
