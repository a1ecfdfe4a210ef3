#include <algorithm>
#include <set>
#include <tuple>

#include "knhk/rdf/writer.hpp"
#include "knhk/shacl/shape_compiler.hpp"

namespace knhk::shacl::detail {
namespace {

std::string_view predicate_of(const CompiledShapes& shapes, const Shape& shape) {
  if (shape.path == kNone) return {};
  const PathNode& root = shapes.path_nodes[shapes.paths[shape.path].root];
  if (root.kind != PathKind::predicate) return {};
  return shapes.terms[root.predicate].text;
}

std::string_view node_kind_name(std::uint64_t bits) {
  switch (bits) {
    case kIriBit:
      return "IRI";
    case kBlankBit:
      return "BlankNode";
    case kLiteralBit:
      return "Literal";
    case kIriBit | kBlankBit:
      return "BlankNodeOrIRI";
    case kBlankBit | kLiteralBit:
      return "BlankNodeOrLiteral";
    default:
      return "IRIOrLiteral";
  }
}

PropertySummary summary_of(const CompiledShapes& shapes, ShapeIndex index,
                           const std::vector<std::string>& names) {
  const Shape& shape = shapes.shapes[index];
  PropertySummary summary;
  summary.path = shapes.paths[shape.path].sparql;
  summary.predicate = predicate_of(shapes, shape);
  summary.name = names[index];
  for (std::uint32_t i = shape.constraints.begin; i < shape.constraints.end; ++i) {
    const Constraint& constraint = shapes.constraints[i];
    switch (constraint.kind) {
      case ConstraintKind::min_count:
        summary.min_count = constraint.number;
        break;
      case ConstraintKind::max_count:
        summary.max_count = constraint.number;
        break;
      case ConstraintKind::datatype:
        summary.datatype = shapes.terms[constraint.operand].text;
        break;
      case ConstraintKind::class_of: {
        const std::string& iri = shapes.terms[constraint.operand].text;
        if (summary.class_iri.empty() || iri < summary.class_iri) summary.class_iri = iri;
        break;
      }
      case ConstraintKind::node_kind:
        summary.node_kind = node_kind_name(constraint.number);
        break;
      default:
        break;
    }
  }
  return summary;
}

/// The properties that everything a targeted shape selects must have.
std::set<std::string> required_properties(const CompiledShapes& shapes) {
  std::set<std::string> required;
  std::vector<ShapeIndex> todo;
  std::vector<bool> seen(shapes.shapes.size());
  const auto visit = [&](ShapeIndex shape) {
    if (!seen[shape]) todo.push_back(shape);
    seen[shape] = true;
  };
  for (ShapeIndex i = 0; i < shapes.shapes.size(); ++i) {
    if (!shapes.shapes[i].targets.empty()) visit(i);
  }
  while (!todo.empty()) {
    const Shape& shape = shapes.shapes[todo.back()];
    todo.pop_back();
    for (std::uint32_t i = shape.constraints.begin; i < shape.constraints.end; ++i) {
      const Constraint& constraint = shapes.constraints[i];
      const bool all_must =
          constraint.kind == ConstraintKind::property || constraint.kind == ConstraintKind::node;
      if (all_must) visit(constraint.operand);
      if (constraint.kind == ConstraintKind::and_) {
        for (std::uint32_t j = constraint.list.begin; j < constraint.list.end; ++j) {
          visit(shapes.shape_lists[j]);
        }
      }
      const std::string_view predicate = predicate_of(shapes, shape);
      if (constraint.kind == ConstraintKind::min_count && constraint.number > 0 &&
          !predicate.empty()) {
        required.emplace(predicate);
      }
    }
  }
  return required;
}

}  // namespace

void summarize(CompiledShapes& shapes, const std::vector<std::string>& names) {
  std::set<std::string> classes;
  for (const Shape& shape : shapes.shapes) {
    ShapeSummary summary;
    for (std::uint32_t i = shape.targets.begin; i < shape.targets.end; ++i) {
      if (shapes.targets[i].kind != TargetKind::instances) continue;
      summary.target_classes.push_back(shapes.terms[shapes.targets[i].term].text);
    }
    if (summary.target_classes.empty()) continue;
    auto& targets = summary.target_classes;
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    classes.insert(targets.begin(), targets.end());
    summary.shape = rdf::to_ntriples(shapes.terms[shape.id].view());
    for (std::uint32_t i = shape.constraints.begin; i < shape.constraints.end; ++i) {
      const Constraint& constraint = shapes.constraints[i];
      if (constraint.kind != ConstraintKind::property) continue;
      if (shapes.shapes[constraint.operand].path == kNone) continue;  // deactivated
      summary.properties.push_back(summary_of(shapes, constraint.operand, names));
    }
    std::sort(summary.properties.begin(), summary.properties.end(),
              [](const PropertySummary& a, const PropertySummary& b) {
                return std::tie(a.path, a.name, a.datatype, a.class_iri, a.min_count) <
                       std::tie(b.path, b.name, b.datatype, b.class_iri, b.min_count);
              });
    shapes.summaries.push_back(std::move(summary));
  }
  std::sort(shapes.summaries.begin(), shapes.summaries.end(),
            [](const ShapeSummary& a, const ShapeSummary& b) { return a.shape < b.shape; });
  shapes.required_classes.assign(classes.begin(), classes.end());
  const std::set<std::string> properties = required_properties(shapes);
  shapes.required_properties.assign(properties.begin(), properties.end());
}

}  // namespace knhk::shacl::detail
