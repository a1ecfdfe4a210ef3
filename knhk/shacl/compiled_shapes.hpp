#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knhk/rdf/term.hpp"
#include "knhk/rdf/xsd.hpp"
#include "knhk/shacl/pattern.hpp"
#include "knhk/shacl/report.hpp"
#include "knhk/shacl/shapes.hpp"

// The tables that a shapes graph compiles to. Everything refers to everything by index, so that
// validation touches no text of the shapes. Internal to this folder.
namespace knhk::shacl::detail {

using TermIndex = std::uint32_t;   // into CompiledShapes::terms
using ShapeIndex = std::uint32_t;  // into CompiledShapes::shapes
using PathIndex = std::uint32_t;   // into CompiledShapes::paths
inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;

/// A part of one of the tables.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] std::uint32_t size() const noexcept { return end - begin; }
  [[nodiscard]] bool empty() const noexcept { return begin == end; }
};

/// Every way in which a value can break a shape: one for each constraint component, in two where a
/// component has two parameters that count by themselves.
enum class ConstraintKind : std::uint8_t {
  min_count,
  max_count,
  datatype,
  class_of,
  node_kind,
  pattern,
  in,
  min_inclusive,
  max_inclusive,
  min_exclusive,
  max_exclusive,
  min_length,
  max_length,
  language_in,
  unique_lang,
  has_value,
  equals,
  disjoint,
  less_than,
  less_than_or_equals,
  closed,
  property,
  node,
  not_,
  and_,
  or_,
  xone,
  qualified_min,
  qualified_max,
};

/// Bits of `Constraint::number` for `node_kind`.
inline constexpr std::uint64_t kIriBit = 1;
inline constexpr std::uint64_t kBlankBit = 2;
inline constexpr std::uint64_t kLiteralBit = 4;

struct Constraint {
  ConstraintKind kind{};
  rdf::Datatype datatype = rdf::Datatype::unknown;  // datatype
  std::uint32_t operand = kNone;  // a term; property, node, not_, qualified_*: a shape; a pattern
  Range list;                // in, language_in, closed: terms; and_, or_, xone, qualified_*: shapes
  std::uint64_t number = 0;  // counts, lengths, node kinds
};

enum class TargetKind : std::uint8_t { node, instances, subjects_of, objects_of };

struct Target {
  TargetKind kind{};
  TermIndex term = kNone;
};

struct Shape {
  TermIndex id = kNone;
  PathIndex path = kNone;  // kNone: a node shape
  TermIndex severity = kNone;
  Range messages;
  Range constraints;
  Range targets;
  /// Reaches a cycle of shapes: whether a node conforms may rest on the assumption that one does.
  bool provisional = false;
  /// Reaches no cycle that leads through a negation: that more conforms never makes less conform.
  bool monotone = true;
  /// Reaches a cycle of sh:property: reported once for each focus node.
  bool repeats = false;
  /// So small when all shapes it refers to are written out that conformance is worked out directly.
  bool direct = true;
};

enum class PathKind : std::uint8_t {
  predicate,
  inverse,
  sequence,
  alternative,
  zero_or_more,
  one_or_more,
  zero_or_one,
};

/// A step of a path. Inverses are pushed down to the predicates.
struct PathNode {
  PathKind kind{};
  TermIndex predicate = kNone;
  Range children;  // into CompiledShapes::path_children
};

struct Path {
  std::uint32_t root = kNone;  // into CompiledShapes::path_nodes
  std::string sparql;
  std::string turtle;
};

struct CompiledShapes {
  std::vector<rdf::OwnedTerm> terms;  // each once
  std::vector<Shape> shapes;
  std::vector<Constraint> constraints;
  std::vector<Target> targets;
  std::vector<TermIndex> term_lists;
  std::vector<ShapeIndex> shape_lists;
  std::vector<Path> paths;
  std::vector<PathNode> path_nodes;
  std::vector<std::uint32_t> path_children;
  std::vector<Message> messages;
  std::vector<Pattern> patterns;
  TermIndex type = kNone;         // rdf:type
  TermIndex subclass_of = kNone;  // rdfs:subClassOf

  std::vector<std::string> required_classes;
  std::vector<std::string> required_properties;
  std::vector<ShapeSummary> summaries;
  std::vector<Warning> warnings;
};

/// The local name of the constraint component that `kind` belongs to.
[[nodiscard]] std::string_view component_name(ConstraintKind kind) noexcept;

}  // namespace knhk::shacl::detail
