// Decodes OTLP's JSON with the code that OpenTelemetry generates from its protocol definitions, and
// refuses whatever the definitions don't have or spell otherwise.
//
// That code itself leaves out fields it doesn't know and takes numbers for strings and names for
// numbers. So what comes in is made a message, written as protobuf, read again and spelled anew as
// OTLP spells it; anything that isn't then as it came in was not OTLP.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { opentelemetry } = require("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const services = opentelemetry.proto.collector;

export const SIGNALS = {
  traces: services.trace.v1.ExportTraceServiceRequest,
  metrics: services.metrics.v1.ExportMetricsServiceRequest,
  logs: services.logs.v1.ExportLogsServiceRequest,
};

// OTLP's exception from proto3's JSON: these bytes are hexadecimal.
const ID_LENGTHS = { traceId: 32, spanId: 16, parentSpanId: 16 };

// Numbers that JSON can't write; proto3's mapping has these words for them.
const NOT_IN_JSON = ["NaN", "Infinity", "-Infinity"];

class NotOtlp extends Error {}

function withBytesForIds(value, path) {
  if (Array.isArray(value)) return value.map((item, i) => withBytesForIds(item, `${path}[${i}]`));
  if (value === null || typeof value !== "object") return value;
  const copy = {};
  for (const [key, inner] of Object.entries(value)) {
    const here = `${path}.${key}`;
    if (key in ID_LENGTHS) {
      const isId = typeof inner === "string" && inner.length === ID_LENGTHS[key] &&
        /^[0-9a-fA-F]+$/.test(inner) && !/^0+$/.test(inner);
      if (!isId) throw new NotOtlp(`${here}: no ${ID_LENGTHS[key]} hexadecimal digits`);
      copy[key] = Buffer.from(inner, "hex");
    } else {
      copy[key] = withBytesForIds(inner, here);
    }
  }
  return copy;
}

function withHexForIds(value) {
  if (Array.isArray(value)) return value.map(withHexForIds);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [
    key, key in ID_LENGTHS ? Buffer.from(inner, "base64").toString("hex") : withHexForIds(inner)]));
}

function compare(came, read, path) {
  if (Array.isArray(came)) {
    const empty = came.length === 0 && read === undefined;  // not written at all
    if (empty) return;
    if (!Array.isArray(read) || read.length !== came.length) throw new NotOtlp(`${path}: a list`);
    came.forEach((item, i) => compare(item, read[i], `${path}[${i}]`));
  } else if (came !== null && typeof came === "object") {
    if (read === null || typeof read !== "object") throw new NotOtlp(`${path}: no such message`);
    for (const key of Object.keys(came)) {
      if (!(key in read) && !(Array.isArray(came[key]) && came[key].length === 0)) {
        throw new NotOtlp(`${path}.${key}: no such field`);
      }
      compare(came[key], read[key], `${path}.${key}`);
    }
  } else if (came !== read && !(NOT_IN_JSON.includes(came) && came === String(read))) {
    throw new NotOtlp(`${path}: ${JSON.stringify(came)} is ${JSON.stringify(read)} to OTLP`);
  }
}

// What the definitions say in words, not in types.
function checkSpans(request) {
  for (const { scopeSpans } of request.resourceSpans) {
    for (const { spans } of scopeSpans) {
      for (const span of spans) {
        if (!span.traceId || !span.spanId || !span.name || !span.kind) {
          throw new NotOtlp("a span without ids, name or kind");
        }
        if (BigInt(span.endTimeUnixNano) < BigInt(span.startTimeUnixNano)) {
          throw new NotOtlp(`${span.name} ends before it starts`);
        }
      }
    }
  }
}

function checkMetrics(request) {
  for (const { scopeMetrics } of request.resourceMetrics) {
    for (const { metrics } of scopeMetrics) {
      for (const metric of metrics) {
        const kind = ["sum", "gauge", "histogram"].find((name) => name in metric);
        if (!metric.name || !kind) throw new NotOtlp("a metric without name or kind");
        if (kind !== "gauge" && ![1, 2].includes(metric[kind].aggregationTemporality)) {
          throw new NotOtlp(`${metric.name}: neither delta nor cumulative`);
        }
        for (const point of metric[kind].dataPoints ?? []) {
          if (!/^[1-9]/.test(point.timeUnixNano)) throw new NotOtlp(`${metric.name}: no time`);
          if (kind !== "histogram") continue;
          const sum = point.bucketCounts.reduce((total, one) => total + BigInt(one), 0n);
          const bounds = point.explicitBounds ?? [];
          if (sum !== BigInt(point.count) || point.bucketCounts.length !== bounds.length + 1 ||
              bounds.some((bound, i) => i > 0 && bound <= bounds[i - 1])) {
            throw new NotOtlp(`${metric.name}: its buckets don't fit each other`);
          }
        }
      }
    }
  }
}

function checkLogs(request) {
  for (const { scopeLogs } of request.resourceLogs) {
    for (const { logRecords } of scopeLogs) {
      for (const record of logRecords) {
        if (!record.eventName || !(record.severityNumber >= 1 && record.severityNumber <= 24)) {
          throw new NotOtlp("an event without a name or severity");
        }
      }
    }
  }
}

const CHECKS = { traces: checkSpans, metrics: checkMetrics, logs: checkLogs };

// The request as the definitions read it. Throws NotOtlp with the place of what isn't OTLP.
export function decode(signal, text) {
  const type = SIGNALS[signal];
  const came = JSON.parse(text);
  const problem = type.verify(type.fromObject(withBytesForIds(came, signal)));
  if (problem) throw new NotOtlp(problem);
  const written = type.encode(type.fromObject(withBytesForIds(came, signal))).finish();
  const read = withHexForIds(type.toObject(
    type.decode(written), { longs: String, bytes: String }));
  compare(came, read, signal);
  CHECKS[signal](read);
  return read;
}
