#include "knhk/shacl/evaluator.hpp"

namespace knhk::shacl::detail {
namespace {

/// Answers remembered at most; then they are forgotten, which costs time alone.
constexpr std::size_t kMaxKnown = std::size_t{1} << 22U;

}  // namespace

Truth Evaluator::conforms(ShapeIndex shape, rdf::TermId node) {
  if (shapes_.shapes[shape].direct) return evaluate(shape, node);
  const std::uint64_t key = key_of(shape, node);
  const bool monotone = shapes_.shapes[shape].monotone;
  Search& search = monotone ? monotone_ : negating_;
  if (search.stack.empty()) return monotone ? decide_monotone(key) : decide_negating(key);
  if (const auto known = search.known.find(key); known != search.known.end()) return known->second;
  if (const auto active = search.active.find(key); active != search.active.end()) {
    search.stack[active->second].assumed = true;
    return Truth::yes;
  }
  search.pending.push_back(key);
  return Truth::unknown;
}

/// Without negation what fails although others were taken to conform fails all the more when they
/// don't; and what conforms on assumptions of which each held conforms. So all that was found is
/// kept, and each node is worked out once for many focus nodes, rather than once for each.
Truth Evaluator::decide_monotone(std::uint64_t key) {
  if (const auto known = monotone_.known.find(key); known != monotone_.known.end()) {
    return known->second;
  }
  if (monotone_.known.size() > kMaxKnown) monotone_.known.clear();
  const Truth answer = decide(monotone_, key, true);
  monotone_.trail.clear();
  return answer;
}

/// With negation more than one answer may be in keeping with the assumptions it rests on, and which
/// one is found depends on the way that is taken. What was known would shorten the way: nothing but
/// the answer itself is kept, and that for whoever asks the same. Shapes without negation on a
/// cycle are no part of the way: each question about them is answered at once.
Truth Evaluator::decide_negating(std::uint64_t key) {
  if (const auto answer = answers_.find(key); answer != answers_.end()) return answer->second;
  if (answers_.size() > kMaxKnown) answers_.clear();
  const Truth answer = decide(negating_, key, false);
  negating_.known.clear();
  negating_.trail.clear();
  answers_.emplace(key, answer);
  return answer;
}

Truth Evaluator::evaluate(ShapeIndex shape, rdf::TermId node) {
  Question question;
  check_shape(shape, node, question, nullptr);
  return question.truth;
}

/// Works on the topmost frame until it has its answer or lacks others, which are then put on top.
Truth Evaluator::decide(Search& search, std::uint64_t key, bool keeps_no) {
  search.stack.push_back({key, 0, false, false});
  while (!search.stack.empty()) {
    const Frame top = search.stack.back();
    if (!top.active && search.known.contains(top.key)) {
      search.stack.pop_back();
      continue;
    }
    search.pending.clear();
    const auto shape = static_cast<ShapeIndex>(top.key >> 32U);
    const auto node = static_cast<rdf::TermId>(static_cast<std::uint32_t>(top.key));
    const Truth truth = evaluate(shape, node);
    if (truth == Truth::unknown) {
      suspend(search);
    } else {
      settle(search, truth, keeps_no);
    }
  }
  return search.known.at(key);
}

void Evaluator::suspend(Search& search) {
  Frame& top = search.stack.back();
  if (!top.active) {
    top.active = true;
    top.trail = search.trail.size();
    search.active[top.key] = search.stack.size() - 1;
  }
  for (const std::uint64_t key : search.pending) search.stack.push_back({key, 0, false, false});
}

void Evaluator::settle(Search& search, Truth truth, bool keeps_no) {
  const Frame top = search.stack.back();
  search.stack.pop_back();
  if (top.active) search.active.erase(top.key);
  if (top.assumed && truth == Truth::no) {
    // What others concluded from its conforming is void.
    std::size_t kept = top.trail;
    for (std::size_t i = top.trail; i < search.trail.size(); ++i) {
      const auto known = search.known.find(search.trail[i]);
      if (keeps_no && known != search.known.end() && known->second == Truth::no) {
        search.trail[kept++] = search.trail[i];
      } else if (known != search.known.end()) {
        search.known.erase(known);
      }
    }
    search.trail.resize(kept);
  }
  search.known[top.key] = truth;
  if (shapes_.shapes[static_cast<ShapeIndex>(top.key >> 32U)].provisional) {
    search.trail.push_back(top.key);
  }
}

}  // namespace knhk::shacl::detail
