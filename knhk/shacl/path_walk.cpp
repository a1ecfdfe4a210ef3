#include "knhk/shacl/path_walk.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace knhk::shacl::detail {
namespace {

using rdf::TermId;
using rdf::Triple;

/// Longer walks aren't remembered: they are as a rule along the data, not up to shared classes.
constexpr std::size_t kLongestRemembered = 256;
/// Terms remembered at most; then they are forgotten, which costs time alone.
constexpr std::size_t kMostRemembered = std::size_t{1} << 20U;

void sort_unique(std::vector<TermId>& terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

}  // namespace

void PathWalk::Marks::start(std::size_t term_count) {
  if (round_of.empty()) round_of.resize(term_count);
  if (++round == 0) {
    std::fill(round_of.begin(), round_of.end(), 0);
    round = 1;
  }
}

bool PathWalk::Marks::insert(TermId term) {
  return std::exchange(round_of[rdf::index_of(term)], round) != round;
}

std::vector<TermId> PathWalk::take() {
  if (buffers_.empty()) return {};
  Terms terms = std::move(buffers_.back());
  buffers_.pop_back();
  terms.clear();
  return terms;
}

void PathWalk::values(const Shape& shape, TermId focus, Terms& values) {
  values.clear();
  if (shape.path == kNone) {
    values.push_back(focus);
  } else if (!plan_.leads_nowhere(shape)) {
    follow(plan_.shapes().paths[shape.path].root, focus, values);
  }
}

bool PathWalk::leads_somewhere(const Shape& shape, TermId focus) {
  if (shape.path == kNone) return true;
  return !plan_.leads_nowhere(shape) && leads_on(plan_.shapes().paths[shape.path].root, focus);
}

bool PathWalk::leads_to(const Shape& shape, TermId focus, TermId value) {
  if (shape.path == kNone) return focus == value;
  if (plan_.leads_nowhere(shape)) return false;
  const PathNode& path = plan_.shapes().path_nodes[plan_.shapes().paths[shape.path].root];
  if (path.kind == PathKind::predicate || path.kind == PathKind::inverse) {
    const bool inverse = path.kind == PathKind::inverse;
    return plan_.contains(inverse ? value : focus, plan_.id(path.predicate),
                          inverse ? focus : value);
  }
  Terms found = take();
  values(shape, focus, found);
  const bool is_found = std::find(found.begin(), found.end(), value) != found.end();
  give(std::move(found));
  return is_found;
}

bool PathWalk::sources(const Shape& shape, TermId value, std::size_t max_steps, Terms& sources) {
  sources.clear();
  reversed_ = true;
  steps_left_ = max_steps;
  follow(plan_.shapes().paths[shape.path].root, value, sources);
  const bool is_whole = steps_left_ > 0;
  reversed_ = false;
  steps_left_ = std::numeric_limits<std::size_t>::max();
  sort_unique(sources);
  return is_whole;
}

void PathWalk::follow(std::uint32_t node, TermId start, Terms& out) {
  const PathNode& path = plan_.shapes().path_nodes[node];
  const auto& children = plan_.shapes().path_children;
  switch (path.kind) {
    case PathKind::predicate:
    case PathKind::inverse:
      return follow_predicate(plan_.id(path.predicate),
                              (path.kind == PathKind::inverse) != reversed_, start, out);
    case PathKind::sequence:
      return follow_sequence(path, start, out);
    case PathKind::alternative:
      for (std::uint32_t i = path.children.begin; i < path.children.end; ++i) {
        follow(children[i], start, out);
      }
      return sort_unique(out);
    case PathKind::zero_or_one:
      out.push_back(start);
      follow(children[path.children.begin], start, out);
      return sort_unique(out);
    case PathKind::zero_or_more:
    case PathKind::one_or_more:
      return follow_repetition(node, start, out);
  }
}

void PathWalk::follow_predicate(TermId predicate, bool inverse, TermId start, Terms& out) {
  const auto found = inverse ? plan_.graph().of_predicate_object(predicate, start)
                             : plan_.of_subject_predicate(start, predicate);
  if (found.size() >= steps_left_) {
    steps_left_ = 0;
    return;
  }
  steps_left_ -= found.size();
  for (const Triple& triple : found) out.push_back(inverse ? triple.subject : triple.object);
}

void PathWalk::follow_sequence(const PathNode& path, TermId start, Terms& out) {
  const auto& children = plan_.shapes().path_children;
  Terms here = take();
  Terms next = take();
  Terms step = take();
  here.push_back(start);
  for (std::uint32_t i = 0; i < path.children.size() && !here.empty(); ++i) {
    const std::uint32_t child =
        children[reversed_ ? path.children.end - 1 - i : path.children.begin + i];
    next.clear();
    for (const TermId node : here) {
      step.clear();
      follow(child, node, step);
      next.insert(next.end(), step.begin(), step.end());
    }
    sort_unique(next);
    std::swap(here, next);
  }
  out.insert(out.end(), here.begin(), here.end());
  give(std::move(here));
  give(std::move(next));
  give(std::move(step));
}

void PathWalk::follow_repetition(std::uint32_t node, TermId start, Terms& out) {
  const std::uint64_t way = std::uint64_t{node} * 2 + (reversed_ ? 1 : 0);
  const std::uint64_t key = (way << 32U) | rdf::index_of(start);
  if (const auto known = known_.find(key); known != known_.end()) {
    const auto begin = known_terms_.begin() + known->second.begin;
    out.insert(out.end(), begin, begin + known->second.size);
    return;
  }
  const PathNode& path = plan_.shapes().path_nodes[node];
  const std::size_t from = out.size();
  if (marks_taken_) {  // a repetition within a repetition
    std::unordered_set<TermId> seen;
    repeat(path, start, out, [&](TermId term) { return seen.insert(term).second; });
  } else {
    marks_taken_ = true;
    marks_.start(plan_.term_count());
    repeat(path, start, out, [&](TermId term) { return marks_.insert(term); });
    marks_taken_ = false;
  }
  if (out.size() - from <= kLongestRemembered && steps_left_ > 0) remember(key, out, from);
}

template <class Insert>
void PathWalk::repeat(const PathNode& path, TermId start, Terms& out, const Insert& insert) {
  const std::uint32_t child = plan_.shapes().path_children[path.children.begin];
  if (path.kind == PathKind::zero_or_more) {
    insert(start);
    out.push_back(start);
  }
  Terms todo = take();
  Terms step = take();
  todo.push_back(start);
  while (!todo.empty()) {
    const TermId node = todo.back();
    todo.pop_back();
    step.clear();
    follow(child, node, step);
    for (const TermId next : step) {
      if (!insert(next)) continue;
      out.push_back(next);
      todo.push_back(next);
    }
  }
  give(std::move(todo));
  give(std::move(step));
}

void PathWalk::remember(std::uint64_t key, const Terms& out, std::size_t from) {
  if (known_terms_.size() + known_.size() > kMostRemembered) {
    known_.clear();
    known_terms_.clear();
  }
  known_[key] = {static_cast<std::uint32_t>(known_terms_.size()),
                 static_cast<std::uint32_t>(out.size() - from)};
  known_terms_.insert(known_terms_.end(), out.begin() + static_cast<std::ptrdiff_t>(from),
                      out.end());
}

bool PathWalk::leads_on(std::uint32_t node, TermId start) {
  const PathNode& path = plan_.shapes().path_nodes[node];
  const auto& children = plan_.shapes().path_children;
  switch (path.kind) {
    case PathKind::predicate:
      return !plan_.of_subject_predicate(start, plan_.id(path.predicate)).empty();
    case PathKind::inverse:
      return !plan_.graph().of_predicate_object(plan_.id(path.predicate), start).empty();
    case PathKind::zero_or_one:
    case PathKind::zero_or_more:
      return true;
    case PathKind::one_or_more:
      return leads_on(children[path.children.begin], start);
    case PathKind::alternative:
      for (std::uint32_t i = path.children.begin; i < path.children.end; ++i) {
        if (leads_on(children[i], start)) return true;
      }
      return false;
    case PathKind::sequence:
      break;
  }
  // All but the last step in full; the last one only until it leads on.
  Terms here = take();
  PathNode front = path;
  --front.children.end;
  follow_sequence(front, start, here);
  const std::uint32_t last = children[front.children.end];
  const bool leads =
      std::any_of(here.begin(), here.end(), [&](TermId term) { return leads_on(last, term); });
  give(std::move(here));
  return leads;
}

}  // namespace knhk::shacl::detail
