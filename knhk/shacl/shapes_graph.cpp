#include "knhk/shacl/shapes_graph.hpp"

#include <tuple>
#include <unordered_set>
#include <utility>

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

void Problems::add_unsupported(const std::string& shape, const std::string& property, bool weakens,
                               const std::string& detail) {
  all_.insert({Warning::Kind::unsupported, property, shape, property + detail});
  if (weakens) ++weakening_;
}

void Problems::add_ill_formed(const std::string& shape, const std::string& property,
                              const std::string& detail, bool weakens) {
  all_.insert({Warning::Kind::ill_formed, property, shape, property + detail});
  if (weakens) ++weakening_;
}

void Problems::add_dependent(const std::string& shape, const std::string& property,
                             const std::string& detail) {
  all_.insert({Warning::Kind::dependent, property, shape, property + detail});
}

void Problems::add_no_effect(const std::string& shape, const std::string& property,
                             const std::string& detail) {
  all_.insert({Warning::Kind::no_effect, property, shape, property + detail});
}

std::optional<Error> Problems::first() const {
  for (const auto& [kind, code] :
       {std::pair(Warning::Kind::unsupported, Errc::unsupported_construct),
        std::pair(Warning::Kind::ill_formed, Errc::ill_formed_shapes)}) {
    const Warning* first = nullptr;
    std::size_t count = 0;
    for (const Warning& one : all_) {
      if (one.kind != kind) continue;
      ++count;
      const bool before = first == nullptr ||
                          std::tie(one.shape, one.detail) < std::tie(first->shape, first->detail);
      if (before) first = &one;
    }
    if (first == nullptr) continue;
    std::string detail = first->detail;
    if (count > 1) detail += " (and " + std::to_string(count - 1) + " more of this kind)";
    return Error{code, "shape " + first->shape, std::move(detail)};
  }
  return std::nullopt;
}

}  // namespace knhk::shacl::detail
