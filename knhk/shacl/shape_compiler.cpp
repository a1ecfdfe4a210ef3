#include "knhk/shacl/shape_compiler.hpp"

#include <algorithm>
#include <array>

#include "knhk/rdf/hierarchy.hpp"
#include "knhk/rdf/vocabulary.hpp"

namespace knhk::shacl {
namespace detail {
namespace {

using rdf::kNoTerm;
using rdf::Term;
using rdf::TermId;
using rdf::Triple;
namespace vocab = rdf::vocab;

struct TargetProperty {
  std::string_view local_name;
  TargetKind kind;
};

constexpr std::array<TargetProperty, 4> kTargetProperties = {
    TargetProperty{"targetNode", TargetKind::node},
    TargetProperty{"targetClass", TargetKind::instances},
    TargetProperty{"targetSubjectsOf", TargetKind::subjects_of},
    TargetProperty{"targetObjectsOf", TargetKind::objects_of}};

/// Targets that only the advanced features know; a shape that has one is active.
constexpr std::array<std::string_view, 1> kOtherTargets = {"target"};

}  // namespace

ShapeCompiler::ShapeCompiler(const rdf::Dataset& dataset)
    : graph_(dataset),
      constraints_(graph_, terms_, problems_, *out_,
                   [this](TermId shape, ShapeIndex parent, std::string_view local_name,
                          ShapeRole role) { return number_of(shape, parent, local_name, role); }) {
  out_->type = terms_.intern_iri(vocab::rdf::type);
  out_->subclass_of = terms_.intern_iri(vocab::rdfs::subClassOf);
  violation_ = terms_.intern_iri(vocab::sh::Violation);
}

Result<std::shared_ptr<const CompiledShapes>> ShapeCompiler::run(const CompileOptions& options) {
  node_shapes_ = instances({vocab::sh::NodeShape});
  find_custom_components();
  find_targets();
  find_implicit_targets();
  find_graph_properties();
  for (ShapeIndex i = 0; i < pending_.size(); ++i) compile_shape(i);
  if (auto error = problems_.first(); error && !options.lenient) {
    return tl::unexpected(std::move(*error));
  }
  std::vector<std::string> labels;
  std::vector<std::string> names;
  for (ShapeIndex i = 0; i < pending_.size(); ++i) {
    std::string label;
    for (const Triple& triple : graph_.values(pending_[i].term, "name")) {
      const std::string_view text = graph_.term(triple.object).text;
      if (label.empty() || text < label) label = text;
    }
    labels.push_back(std::move(label));
    names.push_back(name_of(i));
  }
  leave_out_dependents(*out_, std::move(incomplete_), names, problems_);
  classify_shapes(*out_);
  summarize(*out_, labels);
  out_->warnings = problems_.all();
  return out_;
}

void ShapeCompiler::find_targets() {
  const auto add_subjects = [&](std::string_view local_name) {
    const TermId property = graph_.sh(local_name);
    if (property == kNoTerm) return;
    for (const Triple& triple : graph_.triples().of_predicate(property)) {
      add_target_shape(triple.subject);
    }
  };
  for (const TargetProperty& target : kTargetProperties) add_subjects(target.local_name);
  for (const std::string_view other : kOtherTargets) add_subjects(other);
}

std::vector<TermId> ShapeCompiler::instances(
    std::initializer_list<std::string_view> classes) const {
  const TermId type = graph_.iri(vocab::rdf::type);
  if (type == kNoTerm) return {};
  std::vector<TermId> ids;
  for (const std::string_view iri : classes) {
    if (const TermId id = graph_.iri(iri); id != kNoTerm) ids.push_back(id);
  }
  const TermId subclass_of = graph_.iri(vocab::rdfs::subClassOf);
  if (subclass_of != kNoTerm) ids = reaching(graph_.triples(), subclass_of, ids);
  return instances_of(graph_.triples(), type, ids);
}

void ShapeCompiler::find_implicit_targets() {
  // An owl:Class counts when the shapes graph itself says that owl:Class is a subclass: SHACL reads
  // no axioms, and the other implementations agree.
  const std::vector<TermId> classes = instances({vocab::rdfs::Class});
  const std::vector<TermId> shapes = instances({vocab::sh::NodeShape, vocab::sh::PropertyShape});
  for (const TermId candidate : classes) {
    if (!std::binary_search(shapes.begin(), shapes.end(), candidate) && !has_parameter(candidate)) {
      continue;
    }
    add_target_shape(candidate);
    if (graph_.term(candidate).is_iri()) {
      classes_.insert(candidate);
    } else {
      problems_.add_ill_formed(graph_.name(candidate), "rdfs:Class",
                               " that is a shape must be an IRI, this one is a blank node", false);
    }
  }
}

/// What is said about the whole graph rather than a shape.
void ShapeCompiler::find_graph_properties() {
  const auto each = [&](TermId property, const auto& visit) {
    if (property == kNoTerm) return;
    for (const Triple& triple : graph_.triples().of_predicate(property)) visit(triple);
  };
  each(graph_.sh("entailment"), [&](const Triple& triple) {
    problems_.add_unsupported(graph_.name(triple.subject), "sh:entailment", false);
  });
  each(graph_.sh("shapesGraph"), [&](const Triple& triple) {
    if (graph_.term(triple.object).is_iri()) return;
    problems_.add_ill_formed(graph_.name(triple.subject), "sh:shapesGraph",
                             " must be an IRI, found " + graph_.name(triple.object), false);
  });
  each(graph_.iri(vocab::owl::imports), [&](const Triple& triple) {
    if (numbers_.contains(triple.subject)) return;  // refused with its shape
    problems_.add_no_effect(graph_.name(triple.subject), "owl:imports",
                            " has no effect: nothing is fetched, name the files instead");
  });
}

void ShapeCompiler::find_custom_components() {
  const TermId type = graph_.iri(vocab::rdf::type);
  const TermId component = graph_.sh("ConstraintComponent");
  if (type == kNoTerm || component == kNoTerm) return;
  for (const Triple& triple : graph_.triples().of_predicate_object(type, component)) {
    for (const Triple& parameter : graph_.values(triple.subject, "parameter")) {
      for (const Triple& path : graph_.values(parameter.object, "path")) {
        custom_parameters_.emplace(path.object, triple.subject);
      }
    }
  }
}

bool ShapeCompiler::has_parameter(TermId subject) const {
  for (const Triple& triple : graph_.triples().of_subject(subject)) {
    const std::string_view iri = graph_.term(triple.predicate).text;
    if (!iri.starts_with(vocab::sh::kNamespace)) continue;
    const std::string_view name = iri.substr(vocab::sh::kNamespace.size());
    if (find_parameter(name) != nullptr || !is_beside_constraints(name)) return true;
  }
  return false;
}

ShapeIndex ShapeCompiler::add_target_shape(TermId shape) {
  const auto [place, is_new] =
      numbers_.try_emplace(shape, static_cast<ShapeIndex>(pending_.size()));
  if (is_new) pending_.push_back({shape, kNone});
  return place->second;
}

ShapeIndex ShapeCompiler::number_of(TermId shape, ShapeIndex parent, std::string_view local_name,
                                    ShapeRole role) {
  const std::string property = "sh:" + std::string(local_name);
  const bool has_path = !graph_.values(shape, "path").empty();
  const auto complain = [&](const std::string& wanted, const std::string& found) {
    problems_.add_ill_formed(name_of(parent), property, " must be " + wanted + ", found " + found);
    return kNone;
  };
  if (graph_.term(shape).is_literal()) return complain("a shape", graph_.name(shape));
  if (role == ShapeRole::property_shape && !has_path) {
    return complain("a property shape", graph_.name(shape) + ", which has no sh:path");
  }
  if (role == ShapeRole::node_shape && has_path) {
    return complain("a node shape", graph_.name(shape) + ", which has a sh:path");
  }
  const auto [place, is_new] =
      numbers_.try_emplace(shape, static_cast<ShapeIndex>(pending_.size()));
  if (is_new) {
    pending_.push_back({shape, parent});
    if (graph_.triples().of_subject(shape).empty()) {
      problems_.add_no_effect(name_of(parent), property,
                              " has no effect: the graph says nothing about " + graph_.name(shape));
    }
  }
  return place->second;
}

void ShapeCompiler::compile_shape(ShapeIndex index) {
  const TermId subject = pending_[index].term;
  const std::string name = name_of(index);
  const std::size_t weakening_before = problems_.weakening();
  Shape shape;
  shape.id = terms_.intern(subject);
  shape.severity = violation_;
  shape.constraints.begin = static_cast<std::uint32_t>(out_->constraints.size());
  const std::optional<bool> deactivated = constraints_.flag(subject, "deactivated", name);
  if (deactivated.has_value() && !*deactivated && compile_path(subject, shape, name)) {
    compile_targets(subject, shape, name);
    compile_severity(subject, shape, name);
    compile_messages(subject, shape, name);
    refuse_constructs(subject, name);
    constraints_.compile(subject, index, shape.path != kNone, name);
  }
  shape.constraints.end = static_cast<std::uint32_t>(out_->constraints.size());
  out_->shapes.push_back(shape);
  incomplete_.push_back(problems_.weakening() > weakening_before);
}

bool ShapeCompiler::compile_path(TermId subject, Shape& shape, const std::string& name) {
  const auto paths = graph_.values(subject, "path");
  if (paths.size() > 1) {
    problems_.add_ill_formed(name, "sh:path", " has more than one value");
    return false;
  }
  if (paths.empty()) {
    const TermId type = graph_.iri(vocab::rdf::type);
    const TermId property_shape = graph_.sh("PropertyShape");
    if (type != kNoTerm && property_shape != kNoTerm &&
        graph_.triples().contains(subject, type, property_shape)) {
      problems_.add_ill_formed(name, "sh:path", " is missing, and this is a sh:PropertyShape");
      return false;
    }
    return true;
  }
  if (std::binary_search(node_shapes_.begin(), node_shapes_.end(), subject)) {
    problems_.add_ill_formed(name, "sh:path", " must not be on a sh:NodeShape");
    return false;
  }
  const Result<PathIndex> path = paths_.compile(paths.front().object);
  if (!path) {
    problems_.add_ill_formed(name, "sh:path", " " + path.error().detail);
    return false;
  }
  shape.path = *path;
  return true;
}

void ShapeCompiler::compile_targets(TermId subject, Shape& shape, const std::string& name) {
  shape.targets.begin = static_cast<std::uint32_t>(out_->targets.size());
  for (const TargetProperty& property : kTargetProperties) {
    for (const Triple& triple : graph_.values(subject, property.local_name)) {
      const Term term = graph_.term(triple.object);
      const bool fits = property.kind == TargetKind::node ? !term.is_blank() : term.is_iri();
      if (!fits) {
        problems_.add_ill_formed(
            name, "sh:" + std::string(property.local_name),
            std::string(" must be ") +
                (property.kind == TargetKind::node ? "an IRI or a literal" : "an IRI") +
                ", found " + graph_.name(triple.object),
            false);
        continue;
      }
      out_->targets.push_back({property.kind, terms_.intern(triple.object)});
    }
  }
  if (classes_.contains(subject)) out_->targets.push_back({TargetKind::instances, shape.id});
  shape.targets.end = static_cast<std::uint32_t>(out_->targets.size());
}

void ShapeCompiler::compile_severity(TermId subject, Shape& shape, const std::string& name) {
  const auto severities = graph_.values(subject, "severity");
  if (severities.size() > 1) {
    problems_.add_ill_formed(name, "sh:severity", " has more than one value", false);
  } else if (!severities.empty() && !graph_.term(severities.front().object).is_iri()) {
    problems_.add_ill_formed(name, "sh:severity",
                             " must be an IRI, found " + graph_.name(severities.front().object),
                             false);
  } else if (!severities.empty()) {
    shape.severity = terms_.intern(severities.front().object);
  }
}

void ShapeCompiler::compile_messages(TermId subject, Shape& shape, const std::string& name) {
  std::vector<Message> messages;
  for (const Triple& triple : graph_.values(subject, "message")) {
    const Term term = graph_.term(triple.object);
    if (!term.is_literal() ||
        (term.datatype != vocab::xsd::string && term.datatype != vocab::rdf::langString)) {
      problems_.add_ill_formed(name, "sh:message",
                               " must be a string, found " + graph_.name(triple.object), false);
      continue;
    }
    messages.push_back({std::string(term.text), std::string(term.language)});
  }
  std::sort(messages.begin(), messages.end());
  shape.messages.begin = static_cast<std::uint32_t>(out_->messages.size());
  out_->messages.insert(out_->messages.end(), messages.begin(), messages.end());
  shape.messages.end = static_cast<std::uint32_t>(out_->messages.size());
}

void ShapeCompiler::refuse_constructs(TermId subject, const std::string& name) {
  if (const TermId imports = graph_.iri(vocab::owl::imports); imports != kNoTerm) {
    if (!graph_.triples().of_subject_predicate(subject, imports).empty()) {
      problems_.add_unsupported(name, "owl:imports");
    }
  }
  if (custom_parameters_.empty()) return;
  for (const Triple& triple : graph_.triples().of_subject(subject)) {
    const auto custom = custom_parameters_.find(triple.predicate);
    if (custom == custom_parameters_.end()) continue;
    problems_.add_unsupported(
        name, graph_.name(triple.predicate), true,
        " of the constraint component " + graph_.name(custom->second) + " is not supported");
  }
}

/// A blank shape is named by its path and the nearest shape with an IRI that leads to it.
std::string ShapeCompiler::name_of(ShapeIndex index) const {
  const TermId subject = pending_[index].term;
  ShapeIndex owner = index;
  while (owner != kNone && graph_.term(pending_[owner].term).is_blank()) {
    owner = pending_[owner].parent;
  }
  if (owner == index) return graph_.name(subject);
  std::string name = graph_.name(owner == kNone ? subject : pending_[owner].term);
  const auto paths = graph_.values(subject, "path");
  if (!paths.empty() && graph_.term(paths.front().object).is_iri()) {
    name += " (property shape for ";
    name += graph_.name(paths.front().object);
    name += ')';
  } else if (owner != kNone) {
    name += " (nested shape)";
  }
  return name;
}

}  // namespace detail

Shapes::Shapes(std::shared_ptr<const detail::CompiledShapes> compiled)
    : compiled_(std::move(compiled)) {}

Result<Shapes> Shapes::compile(const rdf::Dataset& shapes_graph, const CompileOptions& options) {
  auto compiled = detail::ShapeCompiler(shapes_graph).run(options);
  if (!compiled) return forward_error(std::move(compiled));
  return Shapes(std::move(*compiled));
}

std::span<const std::string> Shapes::required_classes() const noexcept {
  return compiled_->required_classes;
}
std::span<const std::string> Shapes::required_properties() const noexcept {
  return compiled_->required_properties;
}
std::span<const Warning> Shapes::warnings() const noexcept { return compiled_->warnings; }
std::span<const ShapeSummary> Shapes::summaries() const noexcept { return compiled_->summaries; }
std::size_t Shapes::shape_count() const noexcept { return compiled_->shapes.size(); }
std::size_t Shapes::constraint_count() const noexcept { return compiled_->constraints.size(); }

std::size_t Shapes::target_shape_count() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(compiled_->shapes.begin(), compiled_->shapes.end(),
                    [](const detail::Shape& shape) { return !shape.targets.empty(); }));
}

}  // namespace knhk::shacl
