#include "knhk/shacl/validate.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "knhk/base/parallel.hpp"
#include "knhk/shacl/evaluator.hpp"
#include "knhk/shacl/result_order.hpp"
#include "knhk/shacl/result_text.hpp"

namespace knhk::shacl {
namespace detail {
namespace {

constexpr std::size_t kFocusNodesPerChunk = 256;
constexpr std::size_t kResultsPerChunk = 1024;

struct Task {
  ShapeIndex shape;
  rdf::TermId focus;
};

/// Evaluators that threads take for a chunk and give back, so that what one has learned is used on.
class EvaluatorPool {
 public:
  explicit EvaluatorPool(const Plan& plan) : plan_(plan) {}

  std::unique_ptr<Evaluator> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Evaluator>(plan_);
    std::unique_ptr<Evaluator> evaluator = std::move(idle_.back());
    idle_.pop_back();
    return evaluator;
  }
  void give(std::unique_ptr<Evaluator> evaluator) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(evaluator));
  }

 private:
  const Plan& plan_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Evaluator>> idle_;
};

std::vector<Found> find_all(const Plan& plan, const ValidateOptions& options) {
  std::vector<Task> tasks;
  for (ShapeIndex i = 0; i < plan.shapes().shapes.size(); ++i) {
    const Shape& shape = plan.shapes().shapes[i];
    if (shape.targets.empty()) continue;
    if (plan.constraints(i).empty()) continue;
    for (const rdf::TermId focus : plan.focus_nodes(shape)) tasks.push_back({i, focus});
  }
  const std::size_t chunks = (tasks.size() + kFocusNodesPerChunk - 1) / kFocusNodesPerChunk;
  std::vector<std::vector<Found>> by_chunk(chunks);
  EvaluatorPool evaluators(plan);
  parallel_chunks(tasks.size(), kFocusNodesPerChunk, options.threads,
                  [&](std::size_t begin, std::size_t end) {
                    std::unique_ptr<Evaluator> evaluator = evaluators.take();
                    std::vector<Finding> findings;
                    std::vector<Found>& out = by_chunk[begin / kFocusNodesPerChunk];
                    for (std::size_t i = begin; i < end && !options.stop.stop_requested(); ++i) {
                      findings.clear();
                      evaluator->report(tasks[i].shape, tasks[i].focus, findings);
                      for (const Finding& finding : findings) {
                        for (std::uint32_t copy = 0; copy < finding.copies; ++copy) {
                          out.push_back({tasks[i].shape, finding});
                        }
                      }
                    }
                    evaluators.give(std::move(evaluator));
                  });
  std::vector<Found> all;
  for (const std::vector<Found>& chunk : by_chunk)
    all.insert(all.end(), chunk.begin(), chunk.end());
  return all;
}

}  // namespace
}  // namespace detail

ValidationReport validate(const Shapes& shapes, const rdf::Dataset& data,
                          const ValidateOptions& options) {
  const detail::Plan plan(shapes.compiled(), data);
  const std::vector<detail::Found> found = detail::find_all(plan, options);
  if (options.stop.stop_requested()) return {};
  const detail::ResultTexts texts(plan, found);
  const auto [numbers, is_tied] = texts.order(found);
  ValidationReport report;
  report.conforms = found.empty();
  report.results.resize(found.size());
  parallel_chunks(
      found.size(), detail::kResultsPerChunk, options.threads,
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !options.stop.stop_requested(); ++i) {
          report.results[i] = detail::to_result(plan, texts, found[numbers[i]]);
        }
      },
      options.stop);
  if (options.stop.stop_requested()) return {};
  const auto at = [&](std::size_t i) {
    return report.results.begin() + static_cast<std::ptrdiff_t>(i);
  };
  for (std::size_t begin = 0, end = 0; begin < found.size(); begin = end) {
    for (end = begin + 1; end < found.size() && is_tied[end];) ++end;
    if (!std::is_sorted(at(begin), at(end))) std::sort(at(begin), at(end));
  }
  return report;
}

}  // namespace knhk::shacl
