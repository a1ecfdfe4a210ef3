#include "knhk/ontology/detail/owl_graph.hpp"

#include <algorithm>
#include <set>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::ontology::detail {

namespace {

namespace vocab = rdf::vocab;
using rdf::TermId;

void sort_unique(auto& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

OwlGraph::OwlGraph(const rdf::Dataset& dataset) : dataset_(dataset) {
  parents_.resize(dataset.term_count());
  for (std::uint32_t i = 0; i < parents_.size(); ++i) parents_[i] = TermId{i};
  merge_equals();
}

TermId OwlGraph::owl(std::string_view name) const {
  return iri(std::string(vocab::owl::kNamespace).append(name));
}

std::string OwlGraph::text(TermId id) const { return rdf::to_ntriples(dataset_.term(id)); }

std::vector<TermId> OwlGraph::subjects(TermId predicate, TermId object) const {
  std::vector<TermId> nodes;
  for (const rdf::Triple& t : graph().of_predicate_object(predicate, object)) {
    nodes.push_back(t.subject);
  }
  return nodes;
}

std::vector<TermId> OwlGraph::objects(TermId subject, TermId predicate) const {
  std::vector<TermId> nodes;
  for (const rdf::Triple& t : graph().of_subject_predicate(subject, predicate)) {
    nodes.push_back(t.object);
  }
  return nodes;
}

std::vector<TermId> OwlGraph::list(TermId head) const {
  const TermId first = iri(vocab::rdf::first);
  const TermId rest = iri(vocab::rdf::rest);
  std::vector<TermId> members;
  std::set<TermId> seen;
  while (seen.insert(head).second) {
    const auto values = objects(head, first);
    const auto next = objects(head, rest);
    if (values.size() != 1 || next.size() != 1) break;
    members.push_back(values.front());
    head = next.front();
  }
  return members;
}

TermId OwlGraph::representative(TermId node) const {
  while (parents_[rdf::index_of(node)] != node) {
    TermId& parent = parents_[rdf::index_of(node)];
    parent = parents_[rdf::index_of(parent)];  // halves the path for the next one
    node = parent;
  }
  return node;
}

bool OwlGraph::merge(TermId a, TermId b) {
  if (is_literal(a) || is_literal(b)) return false;
  a = representative(a);
  b = representative(b);
  if (a == b) return false;
  parents_[rdf::index_of(std::max(a, b))] = std::min(a, b);
  return true;
}

/// Whoever shares the first of a pair is one: the meaning of a functional property.
bool OwlGraph::merge_values_of(const std::vector<Pair>& pairs) {
  bool merged = false;
  TermId known = rdf::kNoTerm;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i == 0 || pairs[i].first != pairs[i - 1].first) known = rdf::kNoTerm;
    if (is_literal(pairs[i].second)) continue;
    if (known != rdf::kNoTerm) merged |= merge(known, pairs[i].second);
    known = pairs[i].second;
  }
  return merged;
}

void OwlGraph::merge_equals() {
  for (const Pair& pair : pairs(iri(vocab::owl::sameAs))) merge(pair.first, pair.second);
  const TermId type = iri(vocab::rdf::type);
  const auto functional = subjects(type, iri(vocab::owl::FunctionalProperty));
  const auto inverse = subjects(type, iri(vocab::owl::InverseFunctionalProperty));
  for (bool merged = true; merged;) {
    merged = false;
    for (const TermId property : functional) merged |= merge_values_of(pairs(property));
    for (const TermId property : inverse) {
      std::vector<Pair> turned = pairs(property);
      for (Pair& pair : turned) std::swap(pair.first, pair.second);
      sort_unique(turned);
      merged |= merge_values_of(turned);
    }
  }
}

std::vector<Pair> OwlGraph::pairs(TermId property) const {
  struct Side {
    TermId property;
    bool turned;
    auto operator<=>(const Side&) const = default;
  };
  const TermId sub = iri(vocab::rdfs::subPropertyOf);
  const TermId equivalent = iri(vocab::owl::equivalentProperty);
  const TermId inverse = iri(vocab::owl::inverseOf);
  const TermId symmetric = iri(vocab::owl::SymmetricProperty);
  std::vector<Side> open{{property, false}};
  std::set<Side> seen{open.front()};
  const auto add = [&](const std::vector<TermId>& properties, bool turned) {
    for (const TermId next : properties) {
      if (seen.insert({next, turned}).second) open.push_back({next, turned});
    }
  };
  std::vector<Pair> found;
  while (!open.empty()) {
    const Side side = open.back();
    open.pop_back();
    for (const rdf::Triple& t : graph().of_predicate(side.property)) {
      const TermId object = is_literal(t.object) ? t.object : representative(t.object);
      if (side.turned && is_literal(object)) continue;
      const TermId subject = representative(t.subject);
      found.push_back(side.turned ? Pair{object, subject} : Pair{subject, object});
    }
    add(subjects(sub, side.property), side.turned);
    add(subjects(equivalent, side.property), side.turned);
    add(objects(side.property, equivalent), side.turned);
    add(subjects(inverse, side.property), !side.turned);
    add(objects(side.property, inverse), !side.turned);
    if (graph().contains(side.property, iri(vocab::rdf::type), symmetric)) {
      add({side.property}, !side.turned);
    }
  }
  sort_unique(found);
  return found;
}

std::vector<TermId> OwlGraph::members(TermId class_id) const {
  const TermId type = iri(vocab::rdf::type);
  const TermId sub = iri(vocab::rdfs::subClassOf);
  const TermId equivalent = iri(vocab::owl::equivalentClass);
  const TermId domain = iri(vocab::rdfs::domain);
  const TermId range = iri(vocab::rdfs::range);
  std::vector<TermId> open{class_id};
  std::set<TermId> seen{class_id};
  const auto add = [&](const std::vector<TermId>& classes) {
    for (const TermId next : classes) {
      if (seen.insert(next).second) open.push_back(next);
    }
  };
  std::vector<TermId> found;
  while (!open.empty()) {
    const TermId current = open.back();
    open.pop_back();
    for (const TermId node : subjects(type, current)) found.push_back(representative(node));
    for (const TermId property : subjects(domain, current)) {
      for (const Pair& pair : pairs(property)) found.push_back(pair.first);
    }
    for (const TermId property : subjects(range, current)) {
      for (const Pair& pair : pairs(property)) {
        if (!is_literal(pair.second)) found.push_back(pair.second);
      }
    }
    add(subjects(sub, current));
    add(subjects(equivalent, current));
    add(objects(current, equivalent));
  }
  sort_unique(found);
  return found;
}

}  // namespace knhk::ontology::detail
