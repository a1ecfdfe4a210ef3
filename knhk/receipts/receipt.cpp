#include "knhk/receipts/receipt.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "knhk/receipts/envelope.hpp"
#include "knhk/receipts/strict_json.hpp"

namespace knhk::receipts {
namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kWhere = "receipt";
constexpr std::size_t kMaxSubjects = 4096;
constexpr std::size_t kMaxMeasurements = 1024;

tl::unexpected<Error> malformed(std::string detail) {
  return fail(Errc::malformed_evidence, std::string(kWhere), std::move(detail));
}

constexpr std::array<std::string_view, kInvariantCount> kInvariantNames{"Q1", "Q2", "Q3", "Q4",
                                                                        "Q5"};

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const Outcome outcome : {Outcome::passed, Outcome::failed, Outcome::vacuous}) {
    if (text == to_string(outcome)) return outcome;
  }
  return std::nullopt;
}

/// What the format cannot say, for both directions; empty when all is well.
std::string problem_of(const Receipt& receipt) {
  std::set<std::string_view> names{kSnapshotSubject, kShapesSubject};
  for (const Subject& artifact : receipt.artifacts) {
    if (artifact.name.empty()) return "an artifact has no name";
    if (!names.insert(artifact.name).second) {
      return "two subjects are called \"" + artifact.name + '"';
    }
  }
  if (receipt.artifacts.size() + 2 > kMaxSubjects) return "there are too many artifacts";
  if (!is_utc_time(receipt.time)) return "\"time\" is not like 2026-01-31T09:04:05Z";
  if (receipt.expires && !is_utc_time(*receipt.expires)) {
    return "\"expires\" is not like 2026-01-31T09:04:05Z";
  }
  for (std::size_t i = 0; i < kInvariantCount; ++i) {
    const InvariantResult& result = receipt.invariants[i];
    if (result.name != kInvariantNames[i]) {
      return "the invariants are not called Q1 to Q5, in this order";
    }
    if (result.measurements.size() > kMaxMeasurements) return "there are too many measurements";
    for (const Measurement& measurement : result.measurements) {
      if (!std::isfinite(measurement.value)) {
        return "measurement \"" + measurement.name + "\" is not a finite number";
      }
    }
  }
  return {};
}

Json subject(std::string_view name, std::string_view hex) {
  Json json = Json::object();
  json["name"] = name;
  json["digest"] = Json::object();
  json["digest"]["sha256"] = hex;
  return json;
}

Json subjects(const Receipt& receipt) {
  Json json = Json::array();
  json.push_back(subject(kSnapshotSubject, receipt.snapshot.hex()));
  if (receipt.shapes) json.push_back(subject(kShapesSubject, receipt.shapes->hex()));
  for (const Subject& artifact : receipt.artifacts) {
    json.push_back(subject(artifact.name, artifact.digest.hex()));
  }
  return json;
}

Json to_object(const InvariantResult& result) {
  Json json = Json::object();
  json["name"] = result.name;
  json["title"] = result.title;
  json["outcome"] = to_string(result.outcome);
  json["detail"] = result.detail;
  json["measurements"] = Json::array();
  for (const Measurement& measurement : result.measurements) {
    Json item = Json::object();
    item["name"] = measurement.name;
    item["value"] = measurement.value;
    item["unit"] = measurement.unit;
    json["measurements"].push_back(std::move(item));
  }
  return json;
}

InvariantResult read_invariant(const Json& json, Fields& parent, std::size_t index) {
  const std::string prefix =
      std::string("predicate.invariants.") + std::string(kInvariantNames[index]);
  Fields fields(json, prefix);
  InvariantResult result;
  result.name = fields.text("name");
  result.title = fields.text("title");
  const std::optional<Outcome> outcome = parse_outcome(fields.text("outcome"));
  if (!outcome) fields.note('"' + prefix + ".outcome\" is not an outcome");
  result.outcome = outcome.value_or(Outcome::failed);
  result.detail = fields.text("detail");
  for (const Json& item : fields.array("measurements", kMaxMeasurements)) {
    Fields measurement(item, prefix + ".measurements[]");
    result.measurements.push_back(
        {measurement.text("name"), measurement.number("value"), measurement.text("unit")});
    fields.note(measurement.problem());
  }
  parent.note(fields.problem());
  return result;
}

void read_subjects(const Json& json, Fields& parent, Receipt& receipt) {
  bool has_snapshot = false;
  for (const Json& item : json) {
    Fields fields(item, "subject[]");
    const std::string name = fields.text("name");
    Fields digests(fields.object("digest"), "subject[].digest");
    const std::string hex = digests.text("sha256");
    const std::optional<Digest> digest = digest_from_lowercase_hex(hex);
    parent.note(fields.problem());
    parent.note(digests.problem());
    if (!digest) {
      parent.note("\"subject[].digest.sha256\" is not 64 lowercase hexadecimal digits");
      return;
    }
    if (name == kSnapshotSubject) {
      if (has_snapshot) parent.note("two subjects are called \"snapshot\"");
      has_snapshot = true;
      receipt.snapshot = SnapshotId{digest->bytes};
    } else if (name == kShapesSubject) {
      if (receipt.shapes) parent.note("two subjects are called \"shapes\"");
      receipt.shapes = SnapshotId{digest->bytes};
    } else {
      receipt.artifacts.push_back({name, *digest});
    }
  }
  if (!has_snapshot) parent.note("no subject is called \"snapshot\"");
}

void read_predicate(const Json& json, Fields& parent, Receipt& receipt) {
  Fields fields(json, "predicate");
  receipt.domain = fields.text("domain");
  receipt.compiler = fields.text("compiler");
  receipt.parent = fields.optional_digest("parent");
  receipt.time = fields.text("time");
  receipt.expires = fields.optional_text("expires");
  const Json& invariants = fields.array("invariants", kInvariantCount);
  if (invariants.size() != kInvariantCount) {
    fields.note("\"predicate.invariants\" has not five members");
  } else {
    for (std::size_t i = 0; i < kInvariantCount; ++i) {
      receipt.invariants[i] = read_invariant(invariants[i], fields, i);
    }
  }
  parent.note(fields.problem());
}

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::vacuous:
      return "vacuous";
  }
  return "unknown";
}

bool all_hold(const InvariantResults& results) noexcept {
  return std::none_of(results.begin(), results.end(), [](const InvariantResult& result) {
    return result.outcome == Outcome::failed;
  });
}

Result<std::string> to_statement(const Receipt& receipt) {
  const std::string problem = problem_of(receipt);
  if (!problem.empty()) return malformed(problem);
  Json predicate = Json::object();
  predicate["domain"] = receipt.domain;
  predicate["compiler"] = receipt.compiler;
  if (receipt.parent) predicate["parent"] = receipt.parent->to_string();
  predicate["time"] = receipt.time;
  if (receipt.expires) predicate["expires"] = *receipt.expires;
  predicate["invariants"] = Json::array();
  for (const InvariantResult& result : receipt.invariants) {
    predicate["invariants"].push_back(to_object(result));
  }
  Json statement = Json::object();
  statement["_type"] = kStatementType;
  statement["subject"] = subjects(receipt);
  statement["predicateType"] = kPredicateType;
  statement["predicate"] = std::move(predicate);
  return dump_json(statement, Errc::malformed_evidence, kWhere);
}

Result<Receipt> parse_statement(std::string_view statement) {
  const Result<Json> parsed = parse_json(
      statement,
      {.max_bytes = kMaxEnvelopeBytes, .malformed = Errc::malformed_evidence, .where = kWhere});
  if (!parsed) return tl::unexpected(parsed.error());
  Fields fields(*parsed, "");
  if (fields.text("_type") != kStatementType) {
    fields.note("\"_type\" is not " + std::string(kStatementType));
  }
  if (fields.text("predicateType") != kPredicateType) {
    fields.note("\"predicateType\" is not " + std::string(kPredicateType));
  }
  Receipt receipt;
  read_subjects(fields.array("subject", kMaxSubjects), fields, receipt);
  read_predicate(fields.object("predicate"), fields, receipt);
  if (!fields.ok()) return malformed(fields.problem());
  const std::string problem = problem_of(receipt);
  if (!problem.empty()) return malformed(problem);
  return receipt;
}

Result<std::string> seal(const Receipt& receipt, const crypto::PrivateKey& key) {
  Result<std::string> statement = to_statement(receipt);
  if (!statement) return forward_error(std::move(statement));
  Envelope envelope{std::string(kPayloadType), *std::move(statement), {}};
  Status done = sign(envelope, key);
  if (!done) return forward_error(std::move(done));
  return to_json(envelope);
}

Result<Receipt> open_sealed(std::string_view envelope, const TrustedKeys& keys) {
  Result<Envelope> parsed = parse_envelope(envelope);
  if (!parsed) return forward_error(std::move(parsed));
  Status verified = verify(*parsed, keys);
  if (!verified) return forward_error(std::move(verified));
  if (parsed->payload_type != kPayloadType) {
    return malformed("the payload type is not " + std::string(kPayloadType));
  }
  return parse_statement(parsed->payload);
}

}  // namespace knhk::receipts
