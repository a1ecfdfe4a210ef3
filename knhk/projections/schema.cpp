#include "knhk/projections/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace knhk::projections {

namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view kRdfs = "http://www.w3.org/2000/01/rdf-schema#";
constexpr std::string_view kOwl = "http://www.w3.org/2002/07/owl#";
constexpr std::string_view kShacl = "http://www.w3.org/ns/shacl#";
constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";

bool is_built_in(std::string_view iri) {
  return std::ranges::any_of(std::array{kRdf, kRdfs, kOwl, kShacl, kXsd},
                             [&](std::string_view prefix) { return iri.starts_with(prefix); });
}

/// One graph together with the texts of its terms.
class View {
 public:
  View(const rdf::Dataset& dataset, const std::stop_token& stop) : dataset_(dataset), stop_(stop) {}

  /// Nobody wants the schema any more: what is left to read may be left out.
  [[nodiscard]] bool is_stopped() const { return stop_.stop_requested(); }

  [[nodiscard]] const rdf::Graph& graph() const { return dataset_.default_graph(); }
  [[nodiscard]] rdf::Term term(rdf::TermId id) const { return dataset_.term(id); }
  [[nodiscard]] rdf::TermId iri(std::string_view prefix, std::string_view name) const {
    return dataset_.find_iri(std::string(prefix).append(name));
  }
  /// A named node outside of the built-in vocabularies.
  [[nodiscard]] bool is_own(rdf::TermId id) const {
    const rdf::Term node = term(id);
    return node.is_iri() && !is_built_in(node.text);
  }
  [[nodiscard]] std::string text(rdf::TermId id) const { return std::string(term(id).text); }
  /// The smallest IRI or literal among the values, so that the choice depends on no numbering.
  [[nodiscard]] std::optional<rdf::Term> value(rdf::TermId subject, rdf::TermId predicate) const {
    std::optional<rdf::Term> best;
    for (const rdf::Triple& triple : graph().of_subject_predicate(subject, predicate)) {
      const rdf::Term candidate = term(triple.object);
      if (candidate.is_blank()) continue;
      if (!best || rank(candidate) < rank(*best)) best = candidate;
    }
    return best;
  }

 private:
  /// English and untagged texts are preferred.
  static std::tuple<int, std::string_view, std::string_view> rank(const rdf::Term& term) {
    const bool preferred = term.language.empty() || term.language.starts_with("en");
    return {preferred ? 0 : 1, term.language, term.text};
  }

  const rdf::Dataset& dataset_;
  const std::stop_token& stop_;
};

template <class Schema>
void describe(const View& view, rdf::TermId node, Schema& schema) {
  const auto label = view.value(node, view.iri(kRdfs, "label"));
  const auto comment = view.value(node, view.iri(kRdfs, "comment"));
  if (label && schema.label.empty()) schema.label = label->text;
  if (comment && schema.comment.empty()) schema.comment = comment->text;
}

void read_classes(const View& view, OntologySchema& schema) {
  const auto add = [&](rdf::TermId id) {
    if (!view.is_stopped() && view.is_own(id)) describe(view, id, schema.classes[view.text(id)]);
  };
  const rdf::TermId type = view.iri(kRdf, "type");
  for (const rdf::TermId meta : {view.iri(kOwl, "Class"), view.iri(kRdfs, "Class")}) {
    for (const rdf::Triple& triple : view.graph().of_predicate_object(type, meta)) {
      add(triple.subject);
    }
  }
  for (const rdf::Triple& triple : view.graph().of_predicate(type)) add(triple.object);
  for (const rdf::Triple& triple : view.graph().of_predicate(view.iri(kRdfs, "subClassOf"))) {
    add(triple.subject);
    add(triple.object);
    if (view.is_own(triple.subject) && view.is_own(triple.object)) {
      schema.classes[view.text(triple.subject)].parents.insert(view.text(triple.object));
    }
  }
}

void read_properties(const View& view, OntologySchema& schema) {
  const auto add = [&](rdf::TermId id) {
    if (!view.is_stopped() && view.is_own(id)) describe(view, id, schema.properties[view.text(id)]);
  };
  const rdf::TermId type = view.iri(kRdf, "type");
  for (const rdf::TermId meta :
       {view.iri(kRdf, "Property"), view.iri(kOwl, "ObjectProperty"),
        view.iri(kOwl, "DatatypeProperty"), view.iri(kOwl, "AnnotationProperty"),
        view.iri(kOwl, "FunctionalProperty"), view.iri(kOwl, "InverseFunctionalProperty")}) {
    for (const rdf::Triple& triple : view.graph().of_predicate_object(type, meta)) {
      add(triple.subject);
    }
  }
  std::set<rdf::TermId> used;
  for (const rdf::Triple& triple : view.graph().triples()) used.insert(triple.predicate);
  for (const rdf::TermId predicate : used) add(predicate);
  const rdf::TermId functional = view.iri(kOwl, "FunctionalProperty");
  for (const rdf::Triple& triple : view.graph().of_predicate_object(type, functional)) {
    if (view.is_own(triple.subject)) schema.properties[view.text(triple.subject)].functional = true;
  }
  const auto relate = [&](std::string_view predicate,
                          std::set<std::string> PropertySchema::* into) {
    for (const rdf::Triple& triple : view.graph().of_predicate(view.iri(kRdfs, predicate))) {
      if (!view.is_own(triple.subject) || !view.term(triple.object).is_iri()) continue;
      add(triple.subject);
      (schema.properties[view.text(triple.subject)].*into).insert(view.text(triple.object));
    }
  };
  relate("domain", &PropertySchema::domains);
  relate("range", &PropertySchema::ranges);
  relate("subPropertyOf", &PropertySchema::parents);
}

void read_title(const View& view, OntologySchema& schema) {
  const rdf::TermId ontology = view.iri(kOwl, "Ontology");
  std::set<std::string> titles;
  for (const rdf::Triple& triple :
       view.graph().of_predicate_object(view.iri(kRdf, "type"), ontology)) {
    if (const auto label = view.value(triple.subject, view.iri(kRdfs, "label"))) {
      titles.emplace(label->text);
    }
  }
  if (!titles.empty()) schema.title = *titles.begin();
}

std::optional<std::uint64_t> read_count(const std::optional<rdf::Term>& term) {
  std::uint64_t count = 0;
  if (!term) return std::nullopt;
  const char* const end = term->text.data() + term->text.size();
  const auto [stop, error] = std::from_chars(term->text.data(), end, count);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return count;
}

/// Keeps the stricter of two bounds.
void tighten(MemberSchema& member, std::optional<std::uint64_t> min_count,
             std::optional<std::uint64_t> max_count) {
  if (min_count) member.min_count = std::max(*min_count, member.min_count.value_or(0));
  if (max_count) member.max_count = std::min(*max_count, member.max_count.value_or(*max_count));
}

void read_property_shape(const View& view, rdf::TermId shape, MemberSchema& member) {
  tighten(member, read_count(view.value(shape, view.iri(kShacl, "minCount"))),
          read_count(view.value(shape, view.iri(kShacl, "maxCount"))));
  const auto iri_of = [&](std::string_view name) -> std::string {
    const auto value = view.value(shape, view.iri(kShacl, name));
    return value && value->is_iri() ? std::string(value->text) : std::string();
  };
  if (auto datatype = iri_of("datatype"); !datatype.empty()) member.datatype = datatype;
  if (auto node_class = iri_of("class"); !node_class.empty()) member.node_class = node_class;
  if (auto kind = iri_of("nodeKind"); !kind.empty()) member.node_kind = local_name(kind);
  for (const std::string_view name : {"pattern", "minInclusive", "maxInclusive", "minExclusive",
                                      "maxExclusive", "minLength", "maxLength"}) {
    if (const auto value = view.value(shape, view.iri(kShacl, name))) {
      member.constraints.insert(std::string(name) + ' ' + std::string(value->text));
    }
  }
}

void read_shapes(const View& view, OntologySchema& schema) {
  const rdf::TermId type = view.iri(kRdf, "type");
  const rdf::TermId path = view.iri(kShacl, "path");
  const rdf::TermId target_class = view.iri(kShacl, "targetClass");
  for (const rdf::Triple& link : view.graph().of_predicate(view.iri(kShacl, "property"))) {
    const auto paths = view.graph().of_subject_predicate(link.object, path);
    if (paths.size() != 1 || !view.is_own(paths.front().object)) continue;
    const std::string property = view.text(paths.front().object);
    describe(view, paths.front().object, schema.properties[property]);
    std::set<std::string> classes;
    for (const rdf::Triple& t : view.graph().of_subject_predicate(link.subject, target_class)) {
      if (view.is_own(t.object)) classes.insert(view.text(t.object));
    }
    const bool implicit = view.graph().contains(link.subject, type, view.iri(kOwl, "Class")) ||
                          view.graph().contains(link.subject, type, view.iri(kRdfs, "Class"));
    if (implicit && view.is_own(link.subject)) classes.insert(view.text(link.subject));
    for (const std::string& class_iri : classes) {
      read_property_shape(view, link.object, schema.classes[class_iri].members[property]);
    }
  }
  const auto names = {"targetClass", "class"};
  for (const std::string_view name : names) {
    for (const rdf::Triple& triple : view.graph().of_predicate(view.iri(kShacl, name))) {
      if (view.is_own(triple.object)) schema.classes[view.text(triple.object)];
    }
  }
}

/// A domain makes its property a member of the class, a single range says of which type.
void add_members_of_domains(OntologySchema& schema) {
  for (const auto& [iri, property] : schema.properties) {
    for (const std::string& domain : property.domains) {
      const auto found = schema.classes.find(domain);
      if (found != schema.classes.end()) found->second.members[iri];
    }
  }
  for (auto& [class_iri, class_schema] : schema.classes) {
    for (auto& [iri, member] : class_schema.members) {
      const PropertySchema& property = schema.properties[iri];
      if (property.functional) tighten(member, std::nullopt, 1);
      if (property.ranges.size() != 1) continue;
      const std::string& range = *property.ranges.begin();
      const bool is_datatype = range.starts_with(kXsd) || range == std::string(kRdf) + "langString";
      if (is_datatype && member.datatype.empty()) member.datatype = range;
      if (!is_built_in(range) && member.node_class.empty()) member.node_class = range;
    }
  }
}

}  // namespace

OntologySchema OntologySchema::read(const rdf::Dataset& data, const rdf::Dataset* shapes,
                                    const std::stop_token& stop) {
  OntologySchema schema;
  const View view(data, stop);
  read_title(view, schema);
  read_classes(view, schema);
  if (!stop.stop_requested()) read_properties(view, schema);
  if (stop.stop_requested()) return schema;
  if (shapes != nullptr) read_shapes(View(*shapes, stop), schema);
  add_members_of_domains(schema);
  return schema;
}

std::map<std::string, MemberSchema> OntologySchema::members_of(const std::string& class_iri) const {
  std::map<std::string, MemberSchema> members;
  std::set<std::string> seen{class_iri};
  std::vector<std::string> level{class_iri};
  while (!level.empty()) {
    std::set<std::string> next;
    for (const std::string& iri : level) {
      const auto found = classes.find(iri);
      if (found == classes.end()) continue;
      for (const auto& [property, member] : found->second.members) {
        auto [place, is_new] = members.try_emplace(property, member);
        if (!is_new) tighten(place->second, member.min_count, member.max_count);
      }
      for (const std::string& parent : found->second.parents) {
        if (seen.insert(parent).second) next.insert(parent);
      }
    }
    level.assign(next.begin(), next.end());
  }
  return members;
}

std::string_view local_name(std::string_view iri) noexcept {
  const std::string_view head = namespace_name(iri);
  return head.size() < iri.size() ? iri.substr(head.size()) : iri;
}

std::string_view namespace_name(std::string_view iri) noexcept {
  const std::size_t end = iri.find_last_of("#/:");
  return end == std::string_view::npos ? std::string_view{} : iri.substr(0, end + 1);
}

}  // namespace knhk::projections
