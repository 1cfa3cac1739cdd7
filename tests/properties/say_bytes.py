"""A sample as data, and what comes out of it as text: run as a program, it does so in a process of its own.

Takes:  what `parcel` and `unfinished` make, as JSON on standard input.
Gives:  for each the policy's JSON, the verdicts, the alerts and the last snapshot, as one text.
Never:  needs the strategies.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from sladsl.evaluate.stream import Monitor, judge
from sladsl.events.event import event_from_json, event_to_json
from sladsl.ir.wire import from_json, to_json

if TYPE_CHECKING:
    from samples import Sample


def parcel(sample: Sample) -> dict[str, Any]:
    """A sample to be judged as a log."""
    events = [event_to_json(event) for event in sample.events]
    return {"policy": sample.agreement.text(), "events": events, "as_of": sample.as_of_us}


def unfinished(sample: Sample, fed: int) -> dict[str, Any]:
    """A sample of which so many events have been fed to a monitor already; its snapshot goes along."""
    monitor = Monitor(sample.plan)
    news = [repr(verdict) for verdict in monitor.feed(sample.sorted()[:fed])] if fed else []
    rest = [event_to_json(event) for event in sample.sorted()[fed:]]
    state = json.dumps(monitor.snapshot()) if fed else None
    return {"plan": to_json(sample.plan), "state": state, "news": news, "events": rest, "as_of": sample.as_of_us}


def said(asked: dict[str, Any]) -> str:
    """Everything that comes out."""
    events = [event_from_json(data) for data in asked["events"]]
    if "policy" in asked:
        import sladsl

        policy = sladsl.load(text=asked["policy"])
        outcome = judge(policy.plan, events, asked["as_of"], actors=True)
        result = sladsl.run(policy, events, as_of=asked["as_of"])
        return "\n".join([policy.to_json(), policy.hash, repr(outcome), json.dumps(result.to_dict())])
    plan = from_json(asked["plan"])
    monitor = Monitor(plan, state=json.loads(asked["state"]) if asked["state"] else None)
    news = list(asked["news"])
    news += [repr(verdict) for verdict in monitor.feed(events)]
    news += [repr(verdict) for verdict in monitor.advance(asked["as_of"])]
    return "\n".join([*news, repr(monitor.open()), repr(monitor.next_due()), json.dumps(monitor.snapshot())])


if __name__ == "__main__":
    print(json.dumps([said(asked) for asked in json.load(sys.stdin)]))
