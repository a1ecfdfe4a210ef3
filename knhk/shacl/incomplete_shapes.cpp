#include <algorithm>
#include <string>
#include <vector>

#include "knhk/shacl/shape_compiler.hpp"

// A shape from which something was left out asks for less, so more nodes conform to it. Where that
// makes another constraint find more (a node that conforms and must not, one too many), that
// constraint is left out as well: no result comes from what isn't there.
namespace knhk::shacl::detail {
namespace {

/// Calls `visit` with each shape that `constraint` speaks about.
template <class Visit>
void for_each_shape(const CompiledShapes& shapes, const Constraint& constraint,
                    const Visit& visit) {
  if (constraint.kind < ConstraintKind::property) return;
  if (constraint.operand != kNone) visit(constraint.operand);
  for (std::uint32_t i = constraint.list.begin; i < constraint.list.end; ++i) {
    visit(shapes.shape_lists[i]);
  }
}

/// Marks the shapes that refer to marked ones, however far.
void spread(const CompiledShapes& shapes, std::vector<bool>& incomplete) {
  std::vector<std::vector<ShapeIndex>> parents(shapes.shapes.size());
  std::vector<ShapeIndex> todo;
  for (ShapeIndex i = 0; i < shapes.shapes.size(); ++i) {
    const Range& constraints = shapes.shapes[i].constraints;
    for (std::uint32_t j = constraints.begin; j < constraints.end; ++j) {
      for_each_shape(shapes, shapes.constraints[j],
                     [&](ShapeIndex child) { parents[child].push_back(i); });
    }
    if (incomplete[i]) todo.push_back(i);
  }
  while (!todo.empty()) {
    const ShapeIndex shape = todo.back();
    todo.pop_back();
    for (const ShapeIndex parent : parents[shape]) {
      if (!incomplete[parent]) todo.push_back(parent);
      incomplete[parent] = true;
    }
  }
}

/// The incomplete shape because of which `constraint` may find more than it should; `kNone`: none.
ShapeIndex misled_by(const CompiledShapes& shapes, const Constraint& constraint,
                     const std::vector<bool>& incomplete) {
  const auto listed = [&] {
    const auto* const list = shapes.shape_lists.data();
    const auto* const end = list + constraint.list.end;
    const auto* const found = std::find_if(list + constraint.list.begin, end,
                                           [&](ShapeIndex i) { return incomplete[i]; });
    return found == end ? kNone : *found;
  };
  switch (constraint.kind) {
    case ConstraintKind::not_:
    case ConstraintKind::qualified_max:
      return incomplete[constraint.operand] ? constraint.operand : kNone;
    case ConstraintKind::xone:
    case ConstraintKind::qualified_min:  // the list: siblings that a value must not conform to
      return listed();
    default:
      return kNone;
  }
}

std::string_view property_of(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::not_:
      return "sh:not";
    case ConstraintKind::xone:
      return "sh:xone";
    case ConstraintKind::qualified_max:
      return "sh:qualifiedMaxCount";
    default:
      return "sh:qualifiedMinCount";
  }
}

}  // namespace

void leave_out_dependents(CompiledShapes& shapes, std::vector<bool> incomplete,
                          const std::vector<std::string>& names, Problems& problems) {
  spread(shapes, incomplete);
  std::vector<Constraint> kept;
  kept.reserve(shapes.constraints.size());
  for (ShapeIndex i = 0; i < shapes.shapes.size(); ++i) {
    Range& constraints = shapes.shapes[i].constraints;
    const auto begin = static_cast<std::uint32_t>(kept.size());
    for (std::uint32_t j = constraints.begin; j < constraints.end; ++j) {
      const Constraint& constraint = shapes.constraints[j];
      const ShapeIndex reason = misled_by(shapes, constraint, incomplete);
      if (reason == kNone) {
        kept.push_back(constraint);
      } else {
        problems.add_dependent(
            names[i], std::string(property_of(constraint.kind)),
            " can't be decided, as something of the shape " + names[reason] + " was left out");
      }
    }
    constraints = {begin, static_cast<std::uint32_t>(kept.size())};
  }
  shapes.constraints = std::move(kept);
}

}  // namespace knhk::shacl::detail
