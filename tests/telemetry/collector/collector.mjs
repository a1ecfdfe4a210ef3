// A collector for tests: node collector.mjs FILE [MODE [NUMBER]]
//
// Prints its port on one line, then takes OTLP/HTTP JSON on /v1/traces, /v1/metrics and /v1/logs,
// packed with gzip or not. Each request becomes one line of JSON in FILE:
//   {"signal", "status", "headers", "request"}   what it is to OpenTelemetry's definitions
//   {"signal", "status", "headers", "problem"}   why it isn't OTLP; it is answered with 400
// MODE: takes (the default); busy: the first NUMBER requests are answered with 503 and
// Retry-After: 1; partial: of each request NUMBER items are said to be rejected; hangs: requests are
// read and never answered.

import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

import { decode, SIGNALS } from "./strict.mjs";

const [file, mode = "takes", number = "1"] = process.argv.slice(2);
const REJECTED = {
  traces: "rejectedSpans", metrics: "rejectedDataPoints", logs: "rejectedLogRecords" };
let count = 0;

function note(line) {
  appendFileSync(file, JSON.stringify(line) + "\n");
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function take(signal, headers, bytes, response) {
  count += 1;
  const busy = mode === "busy" && count <= Number(number);
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  const request = decode(signal, text.toString("utf8"));
  const status = busy ? 503 : 200;
  note({ signal, status, headers, request });
  if (mode === "hangs") return;
  if (busy) {
    answer(response, 503, { message: "busy" }, { "Retry-After": "1" });
  } else if (mode === "partial") {
    answer(response, 200, {
      partialSuccess: { [REJECTED[signal]]: number, errorMessage: "some were too old" } });
  } else {
    answer(response, 200, {});
  }
}

const server = createServer((request, response) => {
  const signal = request.url.replace(/^\/v1\//, "");
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const headers = request.headers;
    try {
      if (!(signal in SIGNALS)) throw new Error(`no such path: ${request.url}`);
      if (request.method !== "POST") throw new Error(`${request.method} is no POST`);
      if (headers["content-type"] !== "application/json") throw new Error("not application/json");
      take(signal, headers, Buffer.concat(pieces), response);
    } catch (problem) {
      note({ signal, status: 400, headers, problem: String(problem.message) });
      answer(response, 400, { message: String(problem.message) });
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
