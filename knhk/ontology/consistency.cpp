#include "knhk/ontology/consistency.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "knhk/ontology/detail/literal_values.hpp"
#include "knhk/ontology/detail/owl_graph.hpp"
#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/xsd.hpp"

namespace knhk::ontology {

namespace {

namespace vocab = rdf::vocab;
using detail::OwlGraph;
using detail::Pair;
using detail::Verdict;
using rdf::TermId;

/// One run of the checks: each looks at one kind of axiom and reports what breaks it.
class ConsistencyCheck {
 public:
  explicit ConsistencyCheck(const rdf::Dataset& dataset)
      : graph_(dataset), type_(graph_.iri(vocab::rdf::type)) {}

  ConsistencyReport run(const std::stop_token& stop) && {
    using Check = ConsistencyCheck;
    for (const auto check :
         {&Check::check_literals, &Check::check_ranges, &Check::check_functional_values,
          &Check::check_differences, &Check::check_disjoint_classes,
          &Check::check_disjoint_properties, &Check::check_asymmetric_and_irreflexive,
          &Check::check_negative_assertions, &Check::check_empty_cardinalities}) {
      if (!stop.stop_requested()) (this->*check)();
    }
    report_.count = found_.size() + uncounted_;
    report_.first.assign(found_.begin(), found_.end());
    return std::move(report_);
  }

 private:
  void contradict(std::string rule, std::string detail) {
    found_.insert({std::move(rule), std::move(detail)});
    if (found_.size() > ConsistencyReport::kMostReported) {
      found_.erase(std::prev(found_.end()));
      ++uncounted_;
    }
  }
  [[nodiscard]] std::string text(TermId id) const { return graph_.text(id); }
  [[nodiscard]] std::vector<TermId> instances(std::string_view owl_class) const {
    return graph_.subjects(type_, graph_.owl(owl_class));
  }

  void check_literals();
  void check_ranges();
  void check_functional_values();
  void check_differences();
  void check_different(const std::vector<TermId>& nodes);
  void check_disjoint_classes();
  void check_disjoint_group(const std::vector<TermId>& classes);
  void check_disjoint_properties();
  void check_disjoint_property_pair(TermId left, TermId right);
  void check_asymmetric_and_irreflexive();
  void check_negative_assertions();
  void check_empty_cardinalities();
  void check_empty_cardinality(TermId restriction, const std::vector<TermId>* of_class);

  OwlGraph graph_;
  TermId type_;
  std::set<Contradiction> found_;
  std::size_t uncounted_ = 0;
  ConsistencyReport report_;
};

void ConsistencyCheck::check_literals() {
  const rdf::Dataset& dataset = graph_.dataset();
  for (const rdf::Triple& triple : graph_.graph().triples()) {
    if (!graph_.is_literal(triple.object)) continue;
    const rdf::Term literal = dataset.term(triple.object);
    if (rdf::is_valid_lexical(literal.datatype, literal.text)) continue;
    contradict("datatype", text(triple.object) + " of " + text(triple.subject) + " " +
                               text(triple.predicate) + " has no value in its datatype");
  }
}

void ConsistencyCheck::check_ranges() {
  const rdf::Dataset& dataset = graph_.dataset();
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.iri(vocab::rdfs::range))) {
    const rdf::Term datatype = dataset.term(axiom.object);
    if (!datatype.is_iri() || rdf::datatype_of(datatype.text) == rdf::Datatype::unknown) continue;
    ++report_.axioms;
    for (const Pair& pair : graph_.pairs(axiom.subject)) {
      if (!graph_.is_literal(pair.second)) continue;
      if (detail::belongs(dataset.term(pair.second), datatype.text) != Verdict::no) continue;
      contradict("datatype", text(pair.second) + " of " + text(pair.first) + " is not in " +
                                 text(axiom.object) + ", the range of " + text(axiom.subject));
    }
  }
}

void ConsistencyCheck::check_functional_values() {
  const rdf::Dataset& dataset = graph_.dataset();
  for (const TermId property : instances("FunctionalProperty")) {
    ++report_.axioms;
    std::optional<Pair> known;  // the first value of the node at hand
    for (const Pair& pair : graph_.pairs(property)) {
      if (!graph_.is_literal(pair.second)) continue;
      if (!known || known->first != pair.first) {
        known = pair;
      } else if (detail::differ(dataset.term(known->second), dataset.term(pair.second)) ==
                 Verdict::yes) {
        const auto [least, most] = std::minmax({text(known->second), text(pair.second)});
        contradict("functional property", text(pair.first) + " has two values of the functional " +
                                              text(property) + ": " + least + " and " + most);
      }
    }
  }
}

void ConsistencyCheck::check_differences() {
  const TermId different = graph_.iri(vocab::owl::differentFrom);
  for (const rdf::Triple& triple : graph_.graph().of_predicate(different)) {
    ++report_.axioms;
    if (graph_.is_literal(triple.object)) continue;
    if (graph_.representative(triple.subject) != graph_.representative(triple.object)) continue;
    contradict("differentFrom", text(triple.subject) + " and " + text(triple.object) +
                                    " are the same and are said to differ");
  }
  for (const TermId axiom : instances("AllDifferent")) {
    for (const std::string_view name : {"members", "distinctMembers"}) {
      for (const TermId head : graph_.objects(axiom, graph_.owl(name))) {
        ++report_.axioms;
        check_different(graph_.list(head));
      }
    }
  }
}

void ConsistencyCheck::check_different(const std::vector<TermId>& nodes) {
  std::vector<Pair> by_representative;
  by_representative.reserve(nodes.size());
  for (const TermId node : nodes) by_representative.emplace_back(graph_.representative(node), node);
  std::sort(by_representative.begin(), by_representative.end());
  for (std::size_t i = 1; i < by_representative.size(); ++i) {
    if (by_representative[i - 1].first != by_representative[i].first) continue;
    contradict("AllDifferent", text(by_representative[i - 1].second) + " and " +
                                   text(by_representative[i].second) +
                                   " are the same and are said to differ");
  }
}

void ConsistencyCheck::check_disjoint_classes() {
  for (const std::string_view name : {"disjointWith", "complementOf"}) {
    for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.owl(name))) {
      check_disjoint_group({axiom.subject, axiom.object});
    }
  }
  for (const TermId axiom : instances("AllDisjointClasses")) {
    for (const TermId head : graph_.objects(axiom, graph_.owl("members"))) {
      check_disjoint_group(graph_.list(head));
    }
  }
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.owl("disjointUnionOf"))) {
    check_disjoint_group(graph_.list(axiom.object));
  }
  const TermId nothing = graph_.iri(vocab::owl::Nothing);
  for (const TermId node : graph_.members(nothing)) {
    contradict("Nothing", text(node) + " is a member of owl:Nothing");
  }
}

void ConsistencyCheck::check_disjoint_group(const std::vector<TermId>& classes) {
  ++report_.axioms;
  std::vector<std::pair<TermId, std::size_t>> memberships;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (const TermId node : graph_.members(classes[i])) memberships.emplace_back(node, i);
  }
  std::sort(memberships.begin(), memberships.end());
  for (std::size_t i = 1; i < memberships.size(); ++i) {
    if (memberships[i - 1].first != memberships[i].first) continue;
    const auto [least, most] = std::minmax(
        {text(classes[memberships[i - 1].second]), text(classes[memberships[i].second])});
    contradict("disjoint classes", text(memberships[i].first) + " is a member of " + least +
                                       " and of " + most + ", which are disjoint");
  }
}

void ConsistencyCheck::check_disjoint_properties() {
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.owl("propertyDisjointWith"))) {
    check_disjoint_property_pair(axiom.subject, axiom.object);
  }
  for (const TermId axiom : instances("AllDisjointProperties")) {
    for (const TermId head : graph_.objects(axiom, graph_.owl("members"))) {
      const auto properties = graph_.list(head);
      for (std::size_t i = 0; i < properties.size(); ++i) {
        for (std::size_t j = i + 1; j < properties.size(); ++j) {
          check_disjoint_property_pair(properties[i], properties[j]);
        }
      }
    }
  }
}

void ConsistencyCheck::check_disjoint_property_pair(TermId left, TermId right) {
  ++report_.axioms;
  const auto one = graph_.pairs(left);
  const auto other = graph_.pairs(right);
  std::vector<Pair> both;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(),
                        std::back_inserter(both));
  const auto [least, most] = std::minmax({text(left), text(right)});
  for (const Pair& pair : both) {
    contradict("disjoint properties", text(pair.first) + " and " + text(pair.second) +
                                          " are joined by " + least + " and by " + most +
                                          ", which are disjoint");
  }
}

void ConsistencyCheck::check_asymmetric_and_irreflexive() {
  for (const TermId property : instances("AsymmetricProperty")) {
    ++report_.axioms;
    const auto pairs = graph_.pairs(property);
    for (const Pair& pair : pairs) {
      if (pair.second < pair.first) continue;  // said once
      if (!std::binary_search(pairs.begin(), pairs.end(), Pair{pair.second, pair.first})) continue;
      contradict("asymmetric property", text(pair.first) + " and " + text(pair.second) +
                                            " are joined both ways by the asymmetric " +
                                            text(property));
    }
  }
  for (const TermId property : instances("IrreflexiveProperty")) {
    ++report_.axioms;
    for (const Pair& pair : graph_.pairs(property)) {
      if (pair.first != pair.second) continue;
      contradict("irreflexive property",
                 text(pair.first) + " is joined to itself by the irreflexive " + text(property));
    }
  }
}

void ConsistencyCheck::check_negative_assertions() {
  const rdf::Dataset& dataset = graph_.dataset();
  const auto is_same = [&](TermId value, TermId denied) {
    if (value == denied) return true;
    return graph_.is_literal(value) && graph_.is_literal(denied) &&
           detail::differ(dataset.term(value), dataset.term(denied)) == Verdict::no;
  };
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.owl("sourceIndividual"))) {
    const TermId source = graph_.representative(axiom.object);
    std::vector<TermId> targets = graph_.objects(axiom.subject, graph_.owl("targetValue"));
    for (const TermId node : graph_.objects(axiom.subject, graph_.owl("targetIndividual"))) {
      targets.push_back(graph_.is_literal(node) ? node : graph_.representative(node));
    }
    for (const TermId property : graph_.objects(axiom.subject, graph_.owl("assertionProperty"))) {
      ++report_.axioms;
      for (const Pair& pair : graph_.pairs(property)) {
        if (pair.first != source) continue;
        for (const TermId target : targets) {
          if (!is_same(pair.second, target)) continue;
          contradict("negative property assertion", text(pair.first) + " and " + text(pair.second) +
                                                        " are joined by " + text(property) +
                                                        ", which a negative assertion denies");
        }
      }
    }
  }
}

void ConsistencyCheck::check_empty_cardinalities() {
  const rdf::Dataset& dataset = graph_.dataset();
  const auto is_zero = [&](TermId value) {
    return graph_.is_literal(value) &&
           rdf::compare(dataset.term(value), rdf::Term::literal("0", vocab::xsd::integer)) == 0;
  };
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(graph_.owl("maxCardinality"))) {
    if (is_zero(axiom.object)) check_empty_cardinality(axiom.subject, nullptr);
  }
  const TermId qualified = graph_.owl("maxQualifiedCardinality");
  for (const rdf::Triple& axiom : graph_.graph().of_predicate(qualified)) {
    if (!is_zero(axiom.object)) continue;
    for (const TermId one : graph_.objects(axiom.subject, graph_.owl("onClass"))) {
      const std::vector<TermId> members = graph_.members(one);
      check_empty_cardinality(axiom.subject,
                              one == graph_.iri(vocab::owl::Thing) ? nullptr : &members);
    }
  }
}

// Members of `restriction` may have no value of its property, or none that is `of_class`. Null: any
// value counts.
void ConsistencyCheck::check_empty_cardinality(TermId restriction,
                                               const std::vector<TermId>* of_class) {
  const std::vector<TermId> members = graph_.members(restriction);
  for (const TermId property : graph_.objects(restriction, graph_.owl("onProperty"))) {
    ++report_.axioms;
    for (const Pair& pair : graph_.pairs(property)) {
      if (!std::binary_search(members.begin(), members.end(), pair.first)) continue;
      if (of_class != nullptr &&
          !std::binary_search(of_class->begin(), of_class->end(), pair.second)) {
        continue;
      }
      contradict("maximum cardinality", text(pair.first) + " has the value " + text(pair.second) +
                                            " of " + text(property) +
                                            ", of which a restriction allows none");
    }
  }
}

}  // namespace

ConsistencyReport find_contradictions(const rdf::Dataset& dataset, const std::stop_token& stop) {
  return ConsistencyCheck(dataset).run(stop);
}

}  // namespace knhk::ontology
