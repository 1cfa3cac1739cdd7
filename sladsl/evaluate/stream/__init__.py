"""The stream evaluator: event by event, for logs and for monitors."""

from sladsl.evaluate.stream.judge import judge
from sladsl.evaluate.stream.monitor import Monitor

__all__ = ["Monitor", "judge"]
