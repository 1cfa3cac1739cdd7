"""The stream evaluator: event by event, for logs and for monitors."""

from sladsl.evaluate.stream.judge import judge

__all__ = ["judge"]
