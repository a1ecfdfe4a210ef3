#include "knhk/shacl/result_order.hpp"

#include <algorithm>
#include <array>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::shacl::detail {

ResultTexts::ResultTexts(const Plan& plan, std::span<const Found> found)
    : plan_(plan),
      entry_of_term_(found.empty() ? 0 : plan.term_count(), kNone),
      entry_of_kind_(static_cast<std::size_t>(ConstraintKind::qualified_max) + 1, kNone),
      entries_of_shape_(plan.shapes().shapes.size()) {
  for (const auto& [target_shape, finding] : found) {
    add_term(finding.focus);
    if (finding.value != rdf::kNoTerm) add_term(finding.value);
    if (finding.predicate != rdf::kNoTerm) add_term(finding.predicate);
    add_shape(finding.shape);
    add_shape(target_shape);
    add_kind(plan.shapes().constraints[finding.constraint].kind);
  }
  rank();
}

std::uint32_t ResultTexts::add(std::string_view text) {
  entries_.push_back({arena_.size(), text.size()});
  arena_ += text;
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t ResultTexts::add_ntriples(const rdf::Term& term) {
  const std::size_t begin = arena_.size();
  rdf::append_ntriples(arena_, term);
  entries_.push_back({begin, arena_.size() - begin});
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

void ResultTexts::add_term(rdf::TermId id) {
  std::uint32_t& entry = entry_of_term_[rdf::index_of(id)];
  if (entry == kNone) entry = add_ntriples(plan_.term(id));
}

void ResultTexts::add_shape(ShapeIndex index) {
  ShapeEntries& entries = entries_of_shape_[index];
  if (entries.name != kNone) return;
  const CompiledShapes& shapes = plan_.shapes();
  const Shape& shape = shapes.shapes[index];
  entries.name = add_ntriples(shapes.terms[shape.id].view());
  entries.path = add(shape.path == kNone ? std::string_view() : shapes.paths[shape.path].sparql);
  entries.severity = add(shapes.terms[shape.severity].text);
}

void ResultTexts::add_kind(ConstraintKind kind) {
  std::uint32_t& entry = entry_of_kind_[static_cast<std::size_t>(kind)];
  if (entry != kNone) return;
  std::string iri(rdf::vocab::sh::kNamespace);
  iri += component_name(kind);
  entry = add(iri);
}

void ResultTexts::rank() {
  std::vector<std::uint32_t> sorted(entries_.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
  std::sort(sorted.begin(), sorted.end(),
            [&](std::uint32_t a, std::uint32_t b) { return text(a) < text(b); });
  rank_of_.resize(entries_.size());
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && text(sorted[i]) != text(sorted[i - 1])) ++rank;
    rank_of_[sorted[i]] = rank;
  }
}

ResultTexts::Order ResultTexts::order(std::span<const Found> found) const {
  struct Place {
    std::array<std::uint32_t, 6> ranks;
    std::size_t number;
  };
  std::vector<Place> places;
  places.reserve(found.size());
  const auto rank_of_term = [&](rdf::TermId id) {
    return rank_of_[entry_of_term_[rdf::index_of(id)]];
  };
  for (const auto& [target_shape, finding] : found) {
    const ShapeEntries& shape = entries_of_shape_[finding.shape];
    const auto kind = static_cast<std::size_t>(plan_.shapes().constraints[finding.constraint].kind);
    const bool has_predicate = finding.predicate != rdf::kNoTerm;
    places.push_back({{rank_of_term(finding.focus),
                       has_predicate ? rank_of_term(finding.predicate) : rank_of_[shape.path],
                       rank_of_[entry_of_kind_[kind]], rank_of_[shape.severity],
                       finding.value == rdf::kNoTerm ? 0 : rank_of_term(finding.value) + 1,
                       rank_of_[shape.name]},
                      places.size()});
  }
  // Those that are tied stay in the order they were found in, whatever the number of threads.
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.ranks != b.ranks ? a.ranks < b.ranks : a.number < b.number;
  });
  Order order;
  order.numbers.reserve(places.size());
  order.is_tied.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    order.numbers.push_back(places[i].number);
    order.is_tied.push_back(i > 0 && places[i].ranks == places[i - 1].ranks);
  }
  return order;
}

}  // namespace knhk::shacl::detail
