#!/usr/bin/env python3
"""Runs the calendar of docs/consuming.md as it is printed there, over records that are given, on librdkafka's mock broker.

usage: calendar.py RECORDS.jsonl          (what `dateline resolve` prints; needs confluent-kafka)

Fails unless the calendar lists exactly the visits that the records leave: the newest revision of each id, without those
that were deleted or merged.
"""
import contextlib
import io
import json
import pathlib
import re
import sys

from confluent_kafka import Producer

text = (pathlib.Path(__file__).parent.parent / "docs/consuming.md").read_text()
code = re.search(r"## A calendar.*?```python\n(.*?)```", text, re.DOTALL).group(1)
# The broker lives in this process.
broker = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1})
address = str(next(iter(broker.list_topics(timeout=10).brokers.values()))).split("/")[0]
producer = Producer({"bootstrap.servers": address})
left = {}
for line in open(sys.argv[1]):
    record = json.loads(line)
    if record["record_type"] != "visit":
        continue
    producer.produce("news.visits", line, record["id"])
    left[record["id"]] = record
    if record.get("deleted") or record.get("merged_into"):
        producer.produce("news.visits", None, record["id"])
        del left[record["id"]]
producer.flush(30)
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    exec(code.replace("localhost:9092", address).replace("poll(30)", "poll(5)"))
shown = lambda v: f"{v['period']['start']} {v['status']} {v['visitor']['name']} to {v['destination'].get('country')}"
expected, got = sorted(map(shown, left.values())), sorted(printed.getvalue().splitlines())
assert left and got == expected, f"{len(got)} lines, {len(expected)} expected: {set(got) ^ set(expected)}"
print(f"{len(got)} visits as expected; the code has {len(code.strip().splitlines())} lines")
