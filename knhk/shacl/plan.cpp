#include "knhk/shacl/plan.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "knhk/rdf/hierarchy.hpp"
#include "knhk/shacl/path_walk.hpp"

namespace knhk::shacl::detail {
namespace {

using rdf::TermId;
using rdf::Triple;

constexpr std::size_t kFewValues = 8;

/// Sorts, each once. Many of all terms are put in order by a bit for each term.
void sort_unique(std::vector<TermId>& terms, std::size_t term_count) {
  if (std::adjacent_find(terms.begin(), terms.end(), std::greater_equal<>()) == terms.end()) return;
  if (terms.size() < term_count / 256) {
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return;
  }
  std::vector<std::uint64_t> bits(term_count / 64 + 1);
  for (const TermId term : terms) {
    bits[rdf::index_of(term) / 64] |= std::uint64_t{1} << (rdf::index_of(term) % 64);
  }
  terms.clear();
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (std::uint64_t left = bits[i]; left != 0; left &= left - 1) {
      terms.push_back(static_cast<TermId>(i * 64 + static_cast<unsigned>(std::countr_zero(left))));
    }
  }
}

}  // namespace

Plan::Plan(const CompiledShapes& shapes, const rdf::Dataset& data, Direction direction)
    : shapes_(&shapes), data_(&data) {
  resolve_terms();
  index_subjects();
  resolve_sets();
  resolve_paths();
  drop_idle_constraints();
  choose_directions(direction);
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

void Plan::index_subjects() {
  const auto triples = graph().triples();
  if (triples.size() > std::numeric_limits<std::uint32_t>::max()) return;
  subject_begin_.resize(data_->term_count() + 1);
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < triples.size(); ++i) {
    for (; next <= rdf::index_of(triples[i].subject); ++next) subject_begin_[next] = i;
  }
  for (; next < subject_begin_.size(); ++next) {
    subject_begin_[next] = static_cast<std::uint32_t>(triples.size());
  }
}

std::span<const Triple> Plan::of_subject(TermId subject) const noexcept {
  if (subject_begin_.empty()) return graph().of_subject(subject);
  const std::size_t index = rdf::index_of(subject);
  if (index >= data_->term_count()) return {};
  return graph().triples().subspan(subject_begin_[index],
                                   subject_begin_[index + 1] - subject_begin_[index]);
}

std::span<const Triple> Plan::of_subject_predicate(TermId subject,
                                                   TermId predicate) const noexcept {
  const auto all = of_subject(subject);
  const auto first = std::partition_point(
      all.begin(), all.end(), [&](const Triple& one) { return one.predicate < predicate; });
  // Most have few values: look at each before searching.
  auto last = first;
  for (std::size_t i = 0; i < kFewValues; ++i) {
    if (last == all.end() || last->predicate != predicate) return {first, last};
    ++last;
  }
  last = std::partition_point(last, all.end(),
                              [&](const Triple& one) { return one.predicate == predicate; });
  return {first, last};
}

bool Plan::contains(TermId subject, TermId predicate, TermId object) const noexcept {
  const auto all = of_subject(subject);
  return std::binary_search(all.begin(), all.end(), Triple{subject, predicate, object});
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
      sort_unique(members, term_count());
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
  for (const Triple& triple : of_subject_predicate(node, ids_[shapes_->type])) {
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
        for (const TermId one : class_closure(target.term)) {
          for (const Triple& triple : graph().of_predicate_object(ids_[shapes_->type], one)) {
            nodes.push_back(triple.subject);
          }
        }
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
  sort_unique(nodes, term_count());
  return nodes;
}

void Plan::resolve_paths() {
  can_lead_.resize(shapes_->path_nodes.size());
  // A child may come after its parent, so: until nothing changes, which the depth of paths bounds.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < can_lead_.size(); ++i) {
      if (can_lead_[i] || !path_can_lead(shapes_->path_nodes[i])) continue;
      changed = can_lead_[i] = true;
    }
  }
}

bool Plan::path_can_lead(const PathNode& path) const {
  const auto leads = [&](std::uint32_t child) { return can_lead_[child]; };
  const auto* const first = shapes_->path_children.data() + path.children.begin;
  const auto* const last = first + path.children.size();
  switch (path.kind) {
    case PathKind::predicate:
    case PathKind::inverse:
      return !graph().of_predicate(ids_[path.predicate]).empty();
    case PathKind::zero_or_more:
    case PathKind::zero_or_one:
      return true;
    case PathKind::sequence:
      return std::all_of(first, last, leads);
    default:
      return std::any_of(first, last, leads);
  }
}

bool Plan::may_fail(const Shape& shape, const Constraint& constraint,
                    const std::vector<bool>& is_idle) const {
  switch (constraint.kind) {
    case ConstraintKind::min_count:
    case ConstraintKind::qualified_min:
      return constraint.number > 0;
    case ConstraintKind::has_value:
    case ConstraintKind::equals:
      return true;
    case ConstraintKind::property:
    case ConstraintKind::node:
      return !leads_nowhere(shape) && !is_idle[constraint.operand];
    default:
      return !leads_nowhere(shape);
  }
}

void Plan::drop_idle_constraints() {
  std::vector<bool> is_idle(shapes_->shapes.size(), false);
  // Shapes of shapes whose constraints all hold hold too. To go a few levels up is enough.
  constexpr int kLevels = 4;
  for (int level = 0; level < kLevels; ++level) {
    live_.clear();
    live_of_.clear();
    for (ShapeIndex i = 0; i < shapes_->shapes.size(); ++i) {
      const Shape& shape = shapes_->shapes[i];
      const auto begin = static_cast<std::uint32_t>(live_.size());
      for (std::uint32_t j = shape.constraints.begin; j < shape.constraints.end; ++j) {
        if (may_fail(shape, shapes_->constraints[j], is_idle)) live_.push_back(j);
      }
      live_of_.push_back({begin, static_cast<std::uint32_t>(live_.size())});
      is_idle[i] = live_of_.back().empty();
    }
  }
}

std::size_t Plan::edges_of(std::uint32_t path_node) const {
  const PathNode& path = shapes_->path_nodes[path_node];
  if (path.kind == PathKind::predicate || path.kind == PathKind::inverse) {
    return graph().of_predicate(ids_[path.predicate]).size();
  }
  std::size_t edges = 0;
  for (std::uint32_t i = path.children.begin; i < path.children.end; ++i) {
    edges += edges_of(shapes_->path_children[i]);
  }
  return edges;
}

void Plan::choose_directions(Direction direction) {
  PathWalk walk(*this);
  std::map<std::pair<PathIndex, TermId>, std::uint32_t> chosen;  // by path and value, to a set
  for (ShapeIndex i = 0; i < shapes_->shapes.size(); ++i) {
    const Shape& shape = shapes_->shapes[i];
    const auto all = constraints(i);
    const bool needs_values = std::any_of(all.begin(), all.end(), [&](std::uint32_t j) {
      const Constraint& constraint = shapes_->constraints[j];
      const bool asks_whether_any =
          constraint.kind == ConstraintKind::min_count && constraint.number == 1;
      return !asks_whether_any && constraint.kind != ConstraintKind::has_value;
    });
    needs_values_.push_back(needs_values);
    if (needs_values || shape.path == kNone) continue;
    const std::uint32_t root = shapes_->paths[shape.path].root;
    if (shapes_->path_nodes[root].children.empty() || direction == Direction::forwards) continue;
    const std::size_t steps = direction == Direction::backwards
                                  ? std::numeric_limits<std::size_t>::max()
                                  : edges_of(root) + 1;
    for (const std::uint32_t j : all) {
      const Constraint& constraint = shapes_->constraints[j];
      if (constraint.kind != ConstraintKind::has_value) continue;
      const TermId value = id(constraint.operand);
      const auto [place, is_new] = chosen.try_emplace({shape.path, value}, 0);
      std::vector<TermId> sources;
      if (is_new && walk.sources(shape, value, steps, sources)) {
        place->second = static_cast<std::uint32_t>(sets_.size());
        sets_.push_back(std::move(sources));
      }
      set_of_[j] = place->second;
      // Several questions that each need a walk: walk once, for all values.
      if (place->second == 0 && all.size() > 1) needs_values_[i] = true;
    }
  }
}

}  // namespace knhk::shacl::detail
