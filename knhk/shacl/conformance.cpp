#include "knhk/shacl/evaluator.hpp"

namespace knhk::shacl::detail {
namespace {

/// Answers remembered at most; then they are forgotten, which costs time alone.
constexpr std::size_t kMaxKnown = std::size_t{1} << 22U;

}  // namespace

Truth Evaluator::conforms(ShapeIndex shape, rdf::TermId node) {
  if (shapes_.shapes[shape].direct) return evaluate(shape, node);
  const std::uint64_t key = key_of(shape, node);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (stack_.empty()) return decide(key);
  if (const auto active = active_.find(key); active != active_.end()) {
    stack_[active->second].assumed = true;
    any_assumed_ = true;
    return Truth::yes;
  }
  pending_.push_back(key);
  return Truth::unknown;
}

/// Without negation what fails although others were taken to conform fails all the more when they
/// don't; and what conforms on assumptions of which each held conforms. Then each node is worked
/// out once for many focus nodes, rather than once for each.
bool Evaluator::keeps_assumed(std::uint64_t key) const noexcept {
  return shapes_.shapes[static_cast<ShapeIndex>(key >> 32U)].monotone;
}

Truth Evaluator::evaluate(ShapeIndex shape, rdf::TermId node) {
  Question question;
  check_shape(shape, node, question, nullptr);
  return question.truth;
}

/// Works on the topmost frame until it has its answer or lacks others, which are then put on top.
Truth Evaluator::decide(std::uint64_t key) {
  if (known_.size() > kMaxKnown) known_.clear();
  any_assumed_ = false;
  stack_.push_back({key, 0, false, false});
  while (!stack_.empty()) {
    const Frame top = stack_.back();
    if (!top.active && known_.contains(top.key)) {
      stack_.pop_back();
      continue;
    }
    pending_.clear();
    const auto shape = static_cast<ShapeIndex>(top.key >> 32U);
    const auto node = static_cast<rdf::TermId>(static_cast<std::uint32_t>(top.key));
    const Truth truth = evaluate(shape, node);
    if (truth == Truth::unknown) {
      suspend();
    } else {
      settle(truth);
    }
  }
  const Truth answer = known_.at(key);
  if (any_assumed_ && !keeps_assumed(key)) {
    for (const std::uint64_t provisional : trail_) known_.erase(provisional);
  }
  trail_.clear();
  return answer;
}

void Evaluator::suspend() {
  Frame& top = stack_.back();
  if (!top.active) {
    top.active = true;
    top.trail = trail_.size();
    active_[top.key] = stack_.size() - 1;
  }
  for (const std::uint64_t key : pending_) stack_.push_back({key, 0, false, false});
}

void Evaluator::settle(Truth truth) {
  const Frame top = stack_.back();
  stack_.pop_back();
  if (top.active) active_.erase(top.key);
  if (top.assumed && truth == Truth::no) {
    // What others concluded from its conforming is void.
    const bool keeps_no = keeps_assumed(top.key);
    std::size_t kept = top.trail;
    for (std::size_t i = top.trail; i < trail_.size(); ++i) {
      const auto known = known_.find(trail_[i]);
      if (keeps_no && known != known_.end() && known->second == Truth::no) {
        trail_[kept++] = trail_[i];
      } else if (known != known_.end()) {
        known_.erase(known);
      }
    }
    trail_.resize(kept);
  }
  known_[top.key] = truth;
  if (shapes_.shapes[static_cast<ShapeIndex>(top.key >> 32U)].provisional) {
    trail_.push_back(top.key);
  }
}

}  // namespace knhk::shacl::detail
