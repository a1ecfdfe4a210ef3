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
  if (any_assumed_) {
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
    while (trail_.size() > top.trail) {
      known_.erase(trail_.back());
      trail_.pop_back();
    }
  }
  known_[top.key] = truth;
  if (shapes_.shapes[static_cast<ShapeIndex>(top.key >> 32U)].provisional) {
    trail_.push_back(top.key);
  }
}

}  // namespace knhk::shacl::detail
