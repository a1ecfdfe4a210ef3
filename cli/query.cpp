#include <optional>

#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "cli/workspace.hpp"
#include "knhk/projections/index.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"
#include "knhk/store/promotion_log.hpp"

namespace knhk::cli {
namespace {

/// One part of a pattern in the form the index knows, or nothing for a wildcard. An IRI may be
/// given without its angle brackets; `a` is the type, as in Turtle.
Result<std::optional<std::string>> read_part(const std::string& text) {
  if (text.empty() || text == "_" || text == "?") return std::nullopt;
  if (text == "a") return "<" + std::string(rdf::vocab::rdf::type) + ">";
  const bool bare = text.front() != '<' && text.front() != '"' && !text.starts_with("_:");
  auto term = rdf::parse_term(bare ? "<" + text + ">" : text);
  if (!term) {
    return fail(Errc::usage, text, "is not a term as in N-Triples (" + term.error().detail + ")");
  }
  return rdf::to_ntriples(term->view());
}

/// The admission to ask: the newest of `--snapshot`, else the one that is current in the channel.
Result<Digest> find_manifest(const QueryOptions& options, const Workspace& workspace) {
  if (!options.snapshot.empty()) {
    const auto snapshot = workspace.store.resolve(options.snapshot);
    if (!snapshot) return tl::unexpected(snapshot.error());
    auto stored = workspace.store.newest(*snapshot);
    if (!stored) return forward_error(std::move(stored));
    return stored->digest;
  }
  auto log = store::PromotionLog(workspace.store, workspace.trusted).read();
  if (!log) return forward_error(std::move(log));
  const store::LogEntry* const head = log->head(options.channel);
  if (head == nullptr || head->snapshot.is_zero()) {
    return fail(Errc::unknown_channel, options.channel, "no snapshot is current there");
  }
  return head->manifest;
}

Result<projections::Index> open_index(const Digest& manifest, const Workspace& workspace) {
  auto evidence = workspace.evidence_of(manifest);
  if (!evidence) return forward_error(std::move(evidence));
  const std::string media_type = store::artifact_media_type("index");
  for (const store::Layer& layer : evidence->manifest.layers) {
    if (layer.media_type != media_type) continue;
    auto image = workspace.store.blob(layer.digest);
    if (!image) return forward_error(std::move(image));
    return projections::Index::open(std::move(*image));
  }
  return fail(Errc::blob_missing, manifest.to_string(), "has no compiled index");
}

void answer_with_terms(Answer& answer, const char* key,
                       const projections::Probed<std::vector<std::string_view>>& found) {
  answer.json[key] = found.answer;
  answer.json["probes"] = found.probes;
  for (const std::string_view term : found.answer) answer.text += std::string(term) + "\n";
}

Answer ask_index(const projections::Index& index, QueryOptions::Operation operation,
                 const projections::Pattern& pattern) {
  Answer answer;
  answer.json["snapshot"] = index.snapshot_id().to_string();
  switch (operation) {
    case QueryOptions::Operation::ask: {
      const auto found = index.ask(pattern);
      answer.json["answer"] = found.answer;
      answer.json["probes"] = found.probes;
      answer.text = found.answer ? "yes\n" : "no\n";
      break;
    }
    case QueryOptions::Operation::count: {
      const auto found = index.count(pattern);
      answer.json["count"] = found.answer;
      answer.json["probes"] = found.probes;
      answer.text = std::to_string(found.answer) + "\n";
      break;
    }
    case QueryOptions::Operation::objects:
      answer_with_terms(answer, "objects", index.objects(pattern));
      break;
    case QueryOptions::Operation::subjects:
      answer_with_terms(answer, "subjects", index.subjects(pattern));
      break;
  }
  return answer;
}

}  // namespace

Result<Answer> run(const QueryOptions& options, const Settings& settings) {
  const auto subject = read_part(options.subject);
  if (!subject) return tl::unexpected(subject.error());
  const auto predicate = read_part(options.predicate);
  if (!predicate) return tl::unexpected(predicate.error());
  const auto object = read_part(options.object);
  if (!object) return tl::unexpected(object.error());

  auto workspace = Workspace::open(settings);
  if (!workspace) return forward_error(std::move(workspace));
  const auto manifest = find_manifest(options, *workspace);
  if (!manifest) return tl::unexpected(manifest.error());
  auto index = open_index(*manifest, *workspace);
  if (!index) return forward_error(std::move(index));

  projections::Pattern pattern;
  if (*subject) pattern.subject = **subject;
  if (*predicate) pattern.predicate = **predicate;
  if (*object) pattern.object = **object;
  return ask_index(*index, options.operation, pattern);
}

}  // namespace knhk::cli
