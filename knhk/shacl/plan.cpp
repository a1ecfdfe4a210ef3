#include "knhk/shacl/plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "knhk/rdf/hierarchy.hpp"

namespace knhk::shacl::detail {
namespace {

using rdf::TermId;
using rdf::Triple;

void sort_unique(std::vector<TermId>& terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

}  // namespace

Plan::Plan(const CompiledShapes& shapes, const rdf::Dataset& data)
    : shapes_(&shapes), data_(&data) {
  resolve_terms();
  resolve_sets();
}

void Plan::resolve_terms() {
  ids_.reserve(shapes_->terms.size());
  for (std::size_t i = 0; i < shapes_->terms.size(); ++i) {
    // A blank node of the shapes graph is none of the data's, whatever their labels.
    const rdf::Term term = shapes_->terms[i].view();
    const TermId found = term.is_blank() ? rdf::kNoTerm : data_->find(term);
    ids_.push_back(found != rdf::kNoTerm ? found : static_cast<TermId>(data_->term_count() + i));
  }
}

void Plan::resolve_sets() {
  sets_.emplace_back();
  set_of_.assign(shapes_->constraints.size(), 0);
  std::unordered_map<TermIndex, std::uint32_t> closures;
  for (std::size_t i = 0; i < set_of_.size(); ++i) {
    const Constraint& constraint = shapes_->constraints[i];
    const auto next = static_cast<std::uint32_t>(sets_.size());
    if (constraint.kind == ConstraintKind::class_of) {
      const auto [place, is_new] = closures.try_emplace(constraint.operand, next);
      if (is_new) sets_.push_back(class_closure(constraint.operand));
      set_of_[i] = place->second;
    } else if (constraint.kind == ConstraintKind::in || constraint.kind == ConstraintKind::closed) {
      std::vector<TermId> members;
      for (std::uint32_t j = constraint.list.begin; j < constraint.list.end; ++j) {
        members.push_back(ids_[shapes_->term_lists[j]]);
      }
      sort_unique(members);
      sets_.push_back(std::move(members));
      set_of_[i] = next;
    }
  }
}

std::vector<TermId> Plan::class_closure(TermIndex one) const {
  const TermId start = ids_[one];
  return rdf::reaching(graph(), ids_[shapes_->subclass_of], std::span(&start, 1));
}

rdf::Term Plan::term(TermId id) const noexcept {
  const std::size_t index = rdf::index_of(id);
  const std::size_t known = data_->term_count();
  return index < known ? data_->term(id) : shapes_->terms[index - known].view();
}

bool Plan::is_instance(TermId node, std::span<const TermId> classes) const noexcept {
  for (const Triple& triple : graph().of_subject_predicate(node, ids_[shapes_->type])) {
    if (std::binary_search(classes.begin(), classes.end(), triple.object)) return true;
  }
  return false;
}

std::vector<TermId> Plan::focus_nodes(const Shape& shape) const {
  std::vector<TermId> nodes;
  for (std::uint32_t i = shape.targets.begin; i < shape.targets.end; ++i) {
    const Target& target = shapes_->targets[i];
    const TermId term = ids_[target.term];
    switch (target.kind) {
      case TargetKind::node:
        nodes.push_back(term);
        break;
      case TargetKind::instances: {
        const auto found =
            rdf::instances_of(graph(), ids_[shapes_->type], class_closure(target.term));
        nodes.insert(nodes.end(), found.begin(), found.end());
        break;
      }
      case TargetKind::subjects_of:
        for (const Triple& triple : graph().of_predicate(term)) nodes.push_back(triple.subject);
        break;
      case TargetKind::objects_of:
        for (const Triple& triple : graph().of_predicate(term)) nodes.push_back(triple.object);
        break;
    }
  }
  sort_unique(nodes);
  return nodes;
}

void Plan::values(const Shape& shape, TermId focus, std::vector<TermId>& values) const {
  values.clear();
  if (shape.path == kNone) {
    values.push_back(focus);
  } else {
    follow(shapes_->paths[shape.path].root, focus, values);
  }
}

void Plan::follow(std::uint32_t node, TermId start, std::vector<TermId>& out) const {
  const PathNode& path = shapes_->path_nodes[node];
  switch (path.kind) {
    case PathKind::predicate:
      for (const Triple& triple : graph().of_subject_predicate(start, ids_[path.predicate])) {
        out.push_back(triple.object);
      }
      return;
    case PathKind::inverse:
      for (const Triple& triple : graph().of_predicate_object(ids_[path.predicate], start)) {
        out.push_back(triple.subject);
      }
      return;
    case PathKind::sequence:
      return follow_sequence(path, start, out);
    case PathKind::alternative:
      for (std::uint32_t i = path.children.begin; i < path.children.end; ++i) {
        follow(shapes_->path_children[i], start, out);
      }
      return sort_unique(out);
    case PathKind::zero_or_one:
      out.push_back(start);
      follow(shapes_->path_children[path.children.begin], start, out);
      return sort_unique(out);
    case PathKind::zero_or_more:
    case PathKind::one_or_more:
      return follow_closure(path, start, out);
  }
}

void Plan::follow_sequence(const PathNode& path, TermId start, std::vector<TermId>& out) const {
  std::vector<TermId> here = {start};
  for (std::uint32_t i = path.children.begin; i < path.children.end; ++i) {
    std::vector<TermId> next;
    for (const TermId node : here) {
      std::vector<TermId> step;
      follow(shapes_->path_children[i], node, step);
      next.insert(next.end(), step.begin(), step.end());
    }
    sort_unique(next);
    here = std::move(next);
  }
  out.insert(out.end(), here.begin(), here.end());
}

void Plan::follow_closure(const PathNode& path, TermId start, std::vector<TermId>& out) const {
  std::unordered_set<TermId> seen;
  std::vector<TermId> todo = {start};
  if (path.kind == PathKind::zero_or_more) {
    seen.insert(start);
    out.push_back(start);
  }
  std::vector<TermId> step;
  while (!todo.empty()) {
    const TermId node = todo.back();
    todo.pop_back();
    step.clear();
    follow(shapes_->path_children[path.children.begin], node, step);
    for (const TermId next : step) {
      if (!seen.insert(next).second) continue;
      out.push_back(next);
      todo.push_back(next);
    }
  }
}

}  // namespace knhk::shacl::detail
