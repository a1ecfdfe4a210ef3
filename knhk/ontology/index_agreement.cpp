#include "knhk/ontology/index_agreement.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "knhk/rdf/writer.hpp"

namespace knhk::ontology {

namespace {

using projections::Pattern;
using projections::Probed;

/// The questions to one graph.
class GraphQuestions {
 public:
  GraphQuestions(const projections::Index& index, const rdf::Dataset& dataset, rdf::TermId name,
                 IndexAgreement& agreement)
      : index_(index), dataset_(dataset), graph_(dataset.graph(name)), agreement_(agreement) {
    if (name != rdf::kNoTerm) graph_name_ = text(name);
  }

  void ask_totals() {
    expect(index_.count(pattern({}, {}, {})), std::uint64_t{graph_.size()}, "count of everything");
  }

  /// Every pattern that `triple` matches, and one triple that may not be there.
  void ask_about(const rdf::Triple& triple, rdf::TermId other_object) {
    const std::string s = text(triple.subject);
    const std::string p = text(triple.predicate);
    const std::string o = text(triple.object);
    const std::string other = text(other_object);
    const auto count = [&](const Pattern& asked, std::size_t expected) {
      expect(index_.count(asked), std::uint64_t{expected}, "count");
    };
    expect(index_.ask(pattern(s, p, o)), true, "ask " + s + ' ' + p + ' ' + o);
    expect(index_.ask(pattern(s, p, other)),
           graph_.contains(triple.subject, triple.predicate, other_object),
           "ask " + s + ' ' + p + ' ' + other);
    count(pattern(s, {}, {}), graph_.of_subject(triple.subject).size());
    count(pattern({}, p, {}), graph_.of_predicate(triple.predicate).size());
    count(pattern({}, {}, o), graph_.of_object(triple.object).size());
    count(pattern(s, {}, o), graph_.of_object_subject(triple.object, triple.subject).size());
    const auto objects = graph_.of_subject_predicate(triple.subject, triple.predicate);
    const auto subjects = graph_.of_predicate_object(triple.predicate, triple.object);
    count(pattern(s, p, {}), objects.size());
    count(pattern({}, p, o), subjects.size());
    // Long lists are compared when their first triple is at hand, not again for each of the others.
    if (objects.front() == triple || objects.size() < kShortList) {
      expect_list(index_.objects(pattern(s, p, {})), objects, &rdf::Triple::object,
                  "objects " + s + ' ' + p);
    }
    if (subjects.front() == triple || subjects.size() < kShortList) {
      expect_list(index_.subjects(pattern({}, p, o)), subjects, &rdf::Triple::subject,
                  "subjects " + p + ' ' + o);
    }
  }

 private:
  static constexpr std::size_t kShortList = 8;
  using Part = std::optional<std::string_view>;

  [[nodiscard]] std::string text(rdf::TermId id) const {
    return rdf::to_ntriples(dataset_.term(id));
  }
  [[nodiscard]] Pattern pattern(Part s, Part p, Part o) const {
    return {s, p, o, graph_name_ ? Part(*graph_name_) : Part()};
  }
  void note(std::uint64_t probes) {
    ++agreement_.questions;
    agreement_.total_probes += probes;
    agreement_.most_probes = std::max(agreement_.most_probes, probes);
  }
  template <class T>
  void expect(const Probed<T>& found, const T& expected, const std::string& question) {
    note(found.probes);
    if (found.answer != expected) differ(question);
  }
  void expect_list(const Probed<std::vector<std::string_view>>& found,
                   std::span<const rdf::Triple> triples, rdf::TermId rdf::Triple::* part,
                   const std::string& question) {
    note(found.probes);
    std::vector<std::string> expected;
    for (const rdf::Triple& triple : triples) expected.push_back(text(triple.*part));
    std::ranges::sort(expected);
    if (!std::ranges::equal(found.answer, expected)) differ(question);
  }
  void differ(const std::string& question) {
    if (!agreement_.difference) agreement_.difference = question;
  }

  const projections::Index& index_;
  const rdf::Dataset& dataset_;
  const rdf::Graph& graph_;
  IndexAgreement& agreement_;
  std::optional<std::string> graph_name_;
};

}  // namespace

IndexAgreement compare_index(const projections::Index& index, const rdf::Dataset& dataset,
                             std::size_t max_triples, const std::stop_token& stop) {
  IndexAgreement agreement;
  const std::size_t stride = dataset.size() / std::max<std::size_t>(max_triples, 1) + 1;
  agreement.complete = stride == 1;
  if (index.triple_count() != dataset.size()) agreement.difference = "the number of triples";
  if (index.graph_names().size() != dataset.graph_names().size()) {
    agreement.difference = "the names of the graphs";
  }
  std::vector<rdf::TermId> names{rdf::kNoTerm};
  names.insert(names.end(), dataset.graph_names().begin(), dataset.graph_names().end());
  for (const rdf::TermId name : names) {
    GraphQuestions questions(index, dataset, name, agreement);
    questions.ask_totals();
    const auto triples = dataset.graph(name).triples();
    for (std::size_t i = 0; i < triples.size() && !stop.stop_requested(); i += stride) {
      questions.ask_about(triples[i], triples[(i + triples.size() / 2) % triples.size()].object);
    }
  }
  return agreement;
}

}  // namespace knhk::ontology
