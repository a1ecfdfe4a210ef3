#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "knhk/shacl/shape_compiler.hpp"

namespace knhk::shacl::detail {
namespace {

constexpr std::uint64_t kMaxDirectSize = 64;
constexpr std::uint32_t kMaxDirectHeight = 3;

/// Which shapes a shape's constraints speak about.
std::vector<ShapeIndex> children_of(const CompiledShapes& shapes, const Shape& shape,
                                    bool properties_only) {
  std::vector<ShapeIndex> children;
  for (std::uint32_t i = shape.constraints.begin; i < shape.constraints.end; ++i) {
    const Constraint& constraint = shapes.constraints[i];
    const bool is_property = constraint.kind == ConstraintKind::property;
    if (constraint.kind < ConstraintKind::property || (properties_only && !is_property)) continue;
    if (constraint.operand != kNone) children.push_back(constraint.operand);
    const auto* const list = shapes.shape_lists.data();
    children.insert(children.end(), list + constraint.list.begin, list + constraint.list.end);
  }
  return children;
}

/// Shapes in an order in which each comes after all it refers to; those that lead to a cycle are
/// left out.
std::vector<ShapeIndex> bottom_up(const std::vector<std::vector<ShapeIndex>>& children) {
  std::vector<std::vector<ShapeIndex>> parents(children.size());
  std::vector<std::size_t> open(children.size());
  std::vector<ShapeIndex> order;
  for (ShapeIndex i = 0; i < children.size(); ++i) {
    open[i] = children[i].size();
    for (const ShapeIndex child : children[i]) parents[child].push_back(i);
    if (open[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const ShapeIndex parent : parents[order[next]]) {
      if (--open[parent] == 0) order.push_back(parent);
    }
  }
  return order;
}

/// Whether a constraint may fail because something conforms, and that on a cycle.
bool has_negation_on_a_cycle(const CompiledShapes& shapes, const Shape& shape) {
  for (std::uint32_t i = shape.constraints.begin; i < shape.constraints.end; ++i) {
    const Constraint& constraint = shapes.constraints[i];
    const bool negates =
        constraint.kind == ConstraintKind::not_ || constraint.kind == ConstraintKind::xone ||
        constraint.kind == ConstraintKind::qualified_max ||
        (constraint.kind == ConstraintKind::qualified_min && !constraint.list.empty());
    if (!negates) continue;
    if (constraint.operand != kNone && shapes.shapes[constraint.operand].provisional) return true;
    for (std::uint32_t j = constraint.list.begin; j < constraint.list.end; ++j) {
      if (shapes.shapes[shapes.shape_lists[j]].provisional) return true;
    }
  }
  return false;
}

/// Requires: which shapes are provisional is known.
void find_monotone_shapes(CompiledShapes& shapes,
                          const std::vector<std::vector<ShapeIndex>>& children) {
  std::vector<std::vector<ShapeIndex>> parents(children.size());
  std::vector<ShapeIndex> todo;
  for (ShapeIndex i = 0; i < children.size(); ++i) {
    for (const ShapeIndex child : children[i]) parents[child].push_back(i);
    shapes.shapes[i].monotone = !has_negation_on_a_cycle(shapes, shapes.shapes[i]);
    if (!shapes.shapes[i].monotone) todo.push_back(i);
  }
  while (!todo.empty()) {
    const ShapeIndex one = todo.back();
    todo.pop_back();
    for (const ShapeIndex parent : parents[one]) {
      if (!shapes.shapes[parent].monotone) continue;
      shapes.shapes[parent].monotone = false;
      todo.push_back(parent);
    }
  }
}

}  // namespace

void classify_shapes(CompiledShapes& shapes) {
  const std::size_t count = shapes.shapes.size();
  std::vector<std::vector<ShapeIndex>> all(count);
  std::vector<std::vector<ShapeIndex>> properties(count);
  for (ShapeIndex i = 0; i < count; ++i) {
    all[i] = children_of(shapes, shapes.shapes[i], false);
    properties[i] = children_of(shapes, shapes.shapes[i], true);
    shapes.shapes[i].provisional = true;
    shapes.shapes[i].repeats = true;
    shapes.shapes[i].direct = false;
  }
  for (const ShapeIndex i : bottom_up(properties)) shapes.shapes[i].repeats = false;

  std::vector<std::uint64_t> size(count, 0);  // when written out as a tree
  std::vector<std::uint32_t> height(count, 0);
  for (const ShapeIndex i : bottom_up(all)) {
    size[i] = 1;
    for (const ShapeIndex child : all[i]) {
      size[i] = std::min(size[i] + size[child], kMaxDirectSize + 1);
      height[i] = std::max(height[i], std::min(height[child] + 1, kMaxDirectHeight + 1));
    }
    shapes.shapes[i].provisional = false;
    shapes.shapes[i].direct = size[i] <= kMaxDirectSize && height[i] <= kMaxDirectHeight;
  }
  find_monotone_shapes(shapes, all);
}

}  // namespace knhk::shacl::detail
