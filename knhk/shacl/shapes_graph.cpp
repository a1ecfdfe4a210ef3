#include "knhk/shacl/shapes_graph.hpp"

#include <unordered_set>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/shacl/term_text.hpp"

namespace knhk::shacl::detail {

using rdf::kNoTerm;
using rdf::TermId;
namespace vocab = rdf::vocab;

ShapesGraph::ShapesGraph(const rdf::Dataset& dataset)
    : dataset_(&dataset),
      first_(dataset.find_iri(vocab::rdf::first)),
      rest_(dataset.find_iri(vocab::rdf::rest)),
      nil_(dataset.find_iri(vocab::rdf::nil)) {}

TermId ShapesGraph::sh(std::string_view local_name) const {
  return dataset_->find_iri(std::string(vocab::sh::kNamespace) + std::string(local_name));
}

std::span<const rdf::Triple> ShapesGraph::values(TermId subject,
                                                 std::string_view local_name) const {
  const TermId property = sh(local_name);
  if (property == kNoTerm) return {};
  return triples().of_subject_predicate(subject, property);
}

bool ShapesGraph::is_list(TermId id) const {
  if (nil_ != kNoTerm && id == nil_) return true;
  return rest_ != kNoTerm && !triples().of_subject_predicate(id, rest_).empty();
}

std::optional<std::vector<TermId>> ShapesGraph::list(TermId head) const {
  std::vector<TermId> members;
  std::unordered_set<TermId> seen;
  for (TermId cell = head; nil_ == kNoTerm || cell != nil_;) {
    if (first_ == kNoTerm || rest_ == kNoTerm || !seen.insert(cell).second) return std::nullopt;
    const auto first = triples().of_subject_predicate(cell, first_);
    const auto rest = triples().of_subject_predicate(cell, rest_);
    if (first.size() != 1 || rest.size() != 1) return std::nullopt;
    members.push_back(first.front().object);
    cell = rest.front().object;
  }
  return members;
}

std::string ShapesGraph::name(TermId id) const { return readable(dataset_->term(id)); }

std::optional<Error> Problems::first() const {
  const auto& problems = unsupported_.empty() ? ill_formed_ : unsupported_;
  if (problems.empty()) return std::nullopt;
  const auto& [shape, sentence] = *problems.begin();
  std::string detail = sentence;
  if (!unsupported_.empty()) detail += " is not supported";
  if (problems.size() > 1) {
    detail += " (and " + std::to_string(problems.size() - 1) + " more of this kind)";
  }
  return Error{unsupported_.empty() ? Errc::ill_formed_shapes : Errc::unsupported_construct,
               "shape " + shape, std::move(detail)};
}

}  // namespace knhk::shacl::detail
