#include "knhk/ontology/invariant_validator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "knhk/base/cancellation.hpp"
#include "knhk/ontology/consistency.hpp"
#include "knhk/ontology/index_agreement.hpp"
#include "knhk/ontology/overlay.hpp"
#include "knhk/projections/index.hpp"
#include "knhk/rdf/vocabulary.hpp"
#include "knhk/shacl/validate.hpp"

namespace knhk::ontology {

namespace {

namespace vocab = rdf::vocab;
using receipts::InvariantResult;
using receipts::Measurement;
using receipts::Outcome;

InvariantResult result(std::string name, std::string title) {
  return {std::move(name), std::move(title), Outcome::passed, "", {}};
}

void measure(InvariantResult& into, std::string name, double value, std::string unit) {
  into.measurements.push_back({std::move(name), value, std::move(unit)});
}

void refuse(InvariantResult& into, std::string detail) {
  if (into.outcome != Outcome::failed) into.detail = std::move(detail);  // the first offender stays
  into.outcome = Outcome::failed;
}

double as_number(std::uint64_t count) { return static_cast<double>(count); }

/// Whether the data declares or uses the class.
bool covers_class(const rdf::Dataset& data, std::string_view iri) {
  const rdf::TermId node = data.find_iri(iri);
  if (node == rdf::kNoTerm) return false;
  const rdf::Graph& graph = data.default_graph();
  const rdf::TermId type = data.find_iri(vocab::rdf::type);
  const rdf::TermId sub = data.find_iri(vocab::rdfs::subClassOf);
  return !graph.of_predicate_object(type, node).empty() ||
         !graph.of_predicate_object(sub, node).empty() ||
         !graph.of_subject_predicate(node, sub).empty() ||
         graph.contains(node, type, data.find_iri(vocab::owl::Class)) ||
         graph.contains(node, type, data.find_iri(vocab::rdfs::Class));
}

bool covers_property(const rdf::Dataset& data, std::string_view iri) {
  const rdf::TermId node = data.find_iri(iri);
  if (node == rdf::kNoTerm) return false;
  const rdf::Graph& graph = data.default_graph();
  if (!graph.of_predicate(node).empty()) return true;
  const rdf::TermId type = data.find_iri(vocab::rdf::type);
  return std::ranges::any_of(
      std::array{vocab::rdf::Property, vocab::owl::ObjectProperty, vocab::owl::DatatypeProperty,
                 vocab::owl::AnnotationProperty, vocab::owl::FunctionalProperty,
                 vocab::owl::InverseFunctionalProperty},
      [&](std::string_view kind) { return graph.contains(node, type, data.find_iri(kind)); });
}

/// Shapes that say nothing of anything are as good as none: that all is well with them is no
/// evidence.
bool has_rules(const Snapshot& snapshot) {
  return snapshot.rules() != nullptr && snapshot.rules()->target_shape_count() != 0;
}

std::string without_rules(const Snapshot& snapshot) {
  return snapshot.rules() == nullptr ? "there are no shapes" : "no shape has a target";
}

InvariantResult check_completeness(const Snapshot& snapshot) {
  InvariantResult q1 = result("Q1", "completeness");
  if (!has_rules(snapshot)) {
    q1.outcome = Outcome::vacuous;
    q1.detail = without_rules(snapshot) + " to require anything";
    return q1;
  }
  const shacl::Shapes* const rules = snapshot.rules();
  const rdf::Dataset& data = snapshot.data().dataset;
  std::uint64_t missing = 0;
  for (const std::string& iri : rules->required_classes()) {
    if (covers_class(data, iri)) continue;
    ++missing;
    refuse(q1, "class <" + iri + "> is required by the shapes and not in the data");
  }
  for (const std::string& iri : rules->required_properties()) {
    if (covers_property(data, iri)) continue;
    ++missing;
    refuse(q1, "property <" + iri + "> is required by the shapes and not in the data");
  }
  measure(q1, "required_classes", as_number(rules->required_classes().size()), "{class}");
  measure(q1, "required_properties", as_number(rules->required_properties().size()), "{property}");
  measure(q1, "missing", as_number(missing), "{term}");
  if (missing == 0) q1.detail = "every class and property that the shapes require is covered";
  return q1;
}

InvariantResult check_consistency(const Snapshot& snapshot, const std::stop_token& stop) {
  InvariantResult q2 = result("Q2", "consistency");
  const ConsistencyReport report = find_contradictions(snapshot.data().dataset, stop);
  measure(q2, "axioms", as_number(report.axioms), "{axiom}");
  measure(q2, "contradictions", as_number(report.count), "{contradiction}");
  q2.detail = "no contradiction";
  if (report.first.empty()) return q2;
  refuse(q2, report.first.front().rule + ": " + report.first.front().detail);
  return q2;
}

std::string in_words(const shacl::ValidationResult& violation) {
  std::string text = violation.focus_node;
  if (!violation.path.empty()) text += " " + violation.path;
  const std::size_t name_at = violation.component.find_last_of("#/");
  text += ": " + violation.message + " (" +
          violation.component.substr(name_at == std::string::npos ? 0 : name_at + 1) + " of " +
          violation.source_shape + ")";
  return text;
}

void check_shapes(const Snapshot& snapshot, const promotion::ValidationContext& context,
                  InvariantResult& q3) {
  const shacl::ValidationReport report =
      shacl::validate(*snapshot.rules(), snapshot.data().dataset,
                      shacl::ValidateOptions{context.thread_count, context.stop});
  if (context.stop.stop_requested()) return;
  std::uint64_t violations = 0;
  for (const shacl::ValidationResult& violation : report.results) {
    if (violation.severity != vocab::sh::Violation) continue;
    ++violations;
    refuse(q3, in_words(violation));
  }
  measure(q3, "violations", as_number(violations), "{result}");
  measure(q3, "warnings", as_number(report.count(std::string(vocab::sh::Warning))), "{result}");
  measure(q3, "infos", as_number(report.count(std::string(vocab::sh::Info))), "{result}");
  measure(q3, "lower_severities", as_number(report.results.size() - violations), "{result}");
}

InvariantResult check_correctness(const Snapshot& snapshot,
                                  const promotion::ValidationContext& context,
                                  const Result<projections::Index>& index,
                                  const IndexAgreement& agreement) {
  InvariantResult q3 = result("Q3", "correctness");
  if (has_rules(snapshot)) check_shapes(snapshot, context, q3);
  if (!index) {
    refuse(q3, to_string(index.error()));
  } else if (index->snapshot_id() != snapshot.id()) {
    refuse(q3, "the index is of another snapshot, " + index->snapshot_id().to_string());
  } else if (agreement.difference) {
    refuse(q3, "the index answers otherwise than the dataset: " + *agreement.difference);
  }
  measure(q3, "index_questions", as_number(agreement.questions), "{question}");
  measure(q3, "index_compared_fully", agreement.complete ? 1 : 0, "");
  if (q3.outcome == Outcome::failed) return q3;
  if (!has_rules(snapshot)) {
    q3.outcome = Outcome::vacuous;
    q3.detail = without_rules(snapshot) + " to conform to; the index answers as the dataset does";
  } else {
    q3.detail = "no violation; the index answers as the dataset does";
  }
  return q3;
}

/// The shortest of several runs of the operation that asks about one statement; on a busy machine
/// one of them at least is not interrupted.
std::uint64_t best_nanoseconds(const projections::Index& index) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRuns = 64;
  const auto first = index.matches({}, 1);
  projections::Pattern pattern;
  if (!first.answer.empty()) {
    const projections::Match& match = first.answer.front();
    pattern = {match.subject, match.predicate, match.object, {}};
  }
  std::uint64_t best = UINT64_MAX;
  std::uint64_t sum = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = Clock::now();
    sum += index.ask(pattern).probes;
    const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start);
    best = std::min(best, static_cast<std::uint64_t>(took.count()));
  }
  return sum == UINT64_MAX ? 0 : best;  // the answers are used, so the runs can't be left out
}

InvariantResult check_performance(const Snapshot& snapshot, const PerformanceBudget& budget,
                                  const Result<projections::Index>& index,
                                  const IndexAgreement& agreement) {
  InvariantResult q4 = result("Q4", "performance");
  if (!index) {
    refuse(q4, to_string(index.error()));
    return q4;
  }
  const std::uint64_t size_bytes = index->image().size();
  const std::uint64_t most_bytes =
      budget.fixed_bytes + budget.bytes_per_statement * snapshot.data().dataset.size();
  const std::uint64_t nanoseconds = best_nanoseconds(*index);
  measure(q4, "most_probes", as_number(agreement.most_probes), "{probe}");
  measure(q4, "mean_probes",
          as_number(agreement.total_probes) /
              as_number(std::max<std::uint64_t>(agreement.questions, 1)),
          "{probe}");
  measure(q4, "size", as_number(size_bytes), "By");
  measure(q4, "size_budget", as_number(most_bytes), "By");
  measure(q4, "best_time", as_number(nanoseconds), "ns");
  if (agreement.most_probes > budget.probes_per_operation) {
    refuse(q4, "an operation took " + std::to_string(agreement.most_probes) + " probes, " +
                   std::to_string(budget.probes_per_operation) + " are allowed");
  }
  if (size_bytes > most_bytes) {
    refuse(q4, "the index has " + std::to_string(size_bytes) + " bytes, " +
                   std::to_string(most_bytes) + " are allowed for " +
                   std::to_string(snapshot.data().dataset.size()) + " statements");
  }
  if (nanoseconds > budget.best_nanoseconds_per_operation) {
    refuse(q4, "asking took " + std::to_string(nanoseconds) + " ns at best, " +
                   std::to_string(budget.best_nanoseconds_per_operation) + " are allowed");
  }
  if (q4.outcome == Outcome::passed) q4.detail = "probes, bytes and time are within budget";
  return q4;
}

/// Parent + overlay reproduces the snapshot: with the overlay as it would be written and read.
Status reproduce(const Snapshot& snapshot, const promotion::ParentEvidence& parent,
                 InvariantResult& q5) {
  if (!parent.snapshot) return tl::unexpected<Error>(parent.snapshot.error());
  auto before = parent.read_blob(kSnapshotFile);
  if (!before) return forward_error(std::move(before));
  const Overlay difference = Overlay::between(*before, snapshot.data().nquads);
  measure(q5, "removed", as_number(difference.removed().size()), "{statement}");
  measure(q5, "added", as_number(difference.added().size()), "{statement}");
  if (difference.parent() != *parent.snapshot) {
    return fail(Errc::digest_mismatch, "parent",
                "its statements are not those of " + parent.snapshot->to_string());
  }
  auto overlay = Overlay::parse(difference.to_text());
  if (!overlay) return forward_error(std::move(overlay));
  auto after = overlay->apply(*before);
  if (!after) return forward_error(std::move(after));
  if (*after != snapshot.data().nquads) {
    return fail(Errc::digest_mismatch, "parent", "with the overlay it is another snapshot");
  }
  return {};
}

InvariantResult check_provenance(const Snapshot& snapshot,
                                 const promotion::ValidationContext& context) {
  InvariantResult q5 = promotion::judge_provenance(context);
  if (!context.parent || q5.outcome == Outcome::failed) return q5;
  if (const Status status = reproduce(snapshot, *context.parent, q5); !status) {
    refuse(q5, to_string(status.error()));
  } else {
    q5.detail =
        "the parent's receipt verifies, parent + overlay is this snapshot, the log proves "
        "itself";
  }
  return q5;
}

}  // namespace

Result<receipts::InvariantResults> InvariantValidator::validate(
    const Snapshot& snapshot, std::span<const promotion::Blob> blobs,
    const promotion::ValidationContext& context) const try {
  const auto blob = std::ranges::find(blobs, kIndexFile, &promotion::Blob::name);
  const Result<projections::Index> index =
      blob == blobs.end() ? Result<projections::Index>(fail(
                                Errc::blob_missing, std::string(kIndexFile), "was not compiled"))
                          : projections::Index::open(blob->bytes, nullptr);
  IndexAgreement agreement;
  receipts::InvariantResults results;
  const std::array<std::function<void()>, 6> steps{
      [&] {
        if (!index) return;
        agreement = compare_index(*index, snapshot.data().dataset, options_.compared_statements,
                                  context.stop);
      },
      [&] { results[0] = check_completeness(snapshot); },
      [&] { results[1] = check_consistency(snapshot, context.stop); },
      [&] { results[2] = check_correctness(snapshot, context, index, agreement); },
      [&] { results[3] = check_performance(snapshot, options_.performance, index, agreement); },
      [&] { results[4] = check_provenance(snapshot, context); }};
  for (const auto& step : steps) {
    if (!context.stop.stop_requested()) step();
  }
  if (Status go = check_not_stopped(context.stop, "validation"); !go) {
    return forward_error(std::move(go));
  }
  return results;
} catch (const std::exception&) {
  return fail(Errc::out_of_memory, snapshot.id().to_string(), "not enough memory to validate it");
}

}  // namespace knhk::ontology
