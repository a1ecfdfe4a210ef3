// The collector refuses what isn't OTLP: each of these was OTLP before one thing was changed.

import assert from "node:assert";
import { test } from "node:test";

import { decode } from "./strict.mjs";

const attributes = [{ key: "k", value: { intValue: "-5" } }];
const scope = { name: "knhk", version: "1" };
const span = {
  traceId: "000102030405060708090a0b0c0d0e0f", spanId: "f0f1f2f3f4f5f6f7", flags: 257, name: "n",
  kind: 1, startTimeUnixNano: "1544712660000000000", endTimeUnixNano: "1544712660000001500",
  attributes, links: [{ traceId: "000102030405060708090a0b0c0d0e0f", spanId: "f0f1f2f3f4f5f6f7" }],
  status: { message: "m", code: 2 },
};
const histogram = {
  name: "h", unit: "s", histogram: {
    aggregationTemporality: 2, dataPoints: [{
      attributes, startTimeUnixNano: "1", timeUnixNano: "2", count: "3", sum: 0.5,
      bucketCounts: ["1", "2"], explicitBounds: [0.5] }] },
};
const event = {
  timeUnixNano: "5", observedTimeUnixNano: "5", severityNumber: 9, severityText: "INFO",
  eventName: "e", body: { stringValue: "b" }, attributes };

const FRAMES = {
  traces: (item) => ({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope, spans: [item] }] }] }),
  metrics: (item) => ({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope, metrics: [item] }] }] }),
  logs: (item) => ({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope, logRecords: [item] }] }] }),
};
const GOOD = { traces: span, metrics: histogram, logs: event };

function decoded(signal, change) {
  const item = structuredClone(GOOD[signal]);
  change(item);
  return decode(signal, JSON.stringify(FRAMES[signal](item)));
}

test("what is OTLP comes through as it was", () => {
  for (const signal of Object.keys(GOOD)) {
    assert.deepEqual(decoded(signal, () => {}), FRAMES[signal](GOOD[signal]));
  }
  decoded("metrics", (m) => { m.histogram.dataPoints[0].sum = "NaN"; });
});

const WRONG = [
  ["traces", "a misspelt field", (s) => { s.nmae = "x"; }],
  ["traces", "a field in snake_case", (s) => { s.start_time_unix_nano = "5"; }],
  ["traces", "a misspelt field deep inside", (s) => { s.status.mesage = "x"; }],
  ["traces", "an enumeration by name", (s) => { s.kind = "SPAN_KIND_INTERNAL"; }],
  ["traces", "a time that is a number", (s) => { s.startTimeUnixNano = 1544712660000000000; }],
  ["traces", "an attribute's integer that is a number", (s) => { s.attributes[0].value.intValue = -5; }],
  ["traces", "an id in base64", (s) => { s.traceId = "AAECAwQFBgcICQoLDA0ODw=="; }],
  ["traces", "an id of zeros", (s) => { s.spanId = "0000000000000000"; }],
  ["traces", "an id that is too short", (s) => { s.links[0].spanId = "f0"; }],
  ["traces", "no kind", (s) => { delete s.kind; }],
  ["traces", "an end before the start", (s) => { s.endTimeUnixNano = "5"; }],
  ["metrics", "a count that is a number", (m) => { m.histogram.dataPoints[0].count = 3; }],
  ["metrics", "a bucket that is a number", (m) => { m.histogram.dataPoints[0].bucketCounts[0] = 1; }],
  ["metrics", "a sum that is a string", (m) => { m.histogram.dataPoints[0].sum = "0.5"; }],
  ["metrics", "a count that isn't the buckets' sum", (m) => { m.histogram.dataPoints[0].count = "4"; }],
  ["metrics", "a bucket too few", (m) => { m.histogram.dataPoints[0].explicitBounds = [0.5, 1]; }],
  ["metrics", "no temporality", (m) => { delete m.histogram.aggregationTemporality; }],
  ["metrics", "no kind of metric", (m) => { m.histgram = m.histogram; delete m.histogram; }],
  ["logs", "no name", (l) => { delete l.eventName; }],
  ["logs", "a body that is no value", (l) => { l.body = "b"; }],
  ["logs", "a severity by name", (l) => { l.severityNumber = "SEVERITY_NUMBER_INFO"; }],
];
for (const [signal, what, change] of WRONG) {
  test(`${signal}: ${what}`, () => { assert.throws(() => decoded(signal, change)); });
}
