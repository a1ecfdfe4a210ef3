#include "knhk/rdf/detail/component_orders.hpp"

#include <algorithm>
#include <map>
#include <new>
#include <numeric>
#include <stdexcept>
#include <stop_token>
#include <tuple>
#include <utility>

#include "knhk/base/parallel.hpp"

namespace knhk::rdf::detail {
namespace {

// A component of one or two nodes is hashed sooner than a symmetry of it is found.
constexpr std::size_t kFewestNodes = 3;
// Candidates that are tried for one node before it is taken to be like no other.
constexpr std::size_t kTries = 4;
// Symmetries are looked for in so many steps for each link between nodes, far less than hashing
// from each start takes.
constexpr std::uint64_t kStepsPerLink = 64;
// Fewer nodes to be met than this aren't worth a second thread.
constexpr std::size_t kNodesWorthAThread = 10'000;

}  // namespace

ComponentOrders::ComponentOrders(const CanonicalizationState& state, std::span<const Node> nodes,
                                 Limits limits)
    : state_(state), limits_(limits), components_(state.quads, state.canonical) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> part_of(components_.size(), kNone);
  for (const Node node : nodes) {
    if (state.canonical.has(node)) continue;
    const std::uint32_t component = components_.component(node);
    const std::uint32_t node_class = state.first_degree_class[node];
    if (part_of[component] == kNone) {
      part_of[component] = parts_.size();
      Part& part = parts_.emplace_back();
      part.component = component;
      part.node_class = node_class;
      part.model = part_of[component];
    }
    Part& part = parts_[part_of[component]];
    if (part.node_class == node_class) part.starts.push_back(node);
  }
}

RunEnd ComponentOrders::solve() {
  const std::stop_token stop = limits_.stop;
  {
    const std::stop_callback on_stop(stop, [this] { refuse(RunEnd::stopped); });
    hash_from_starts();
  }
  return end_;
}

void ComponentOrders::hash_from_starts() {
  find_symmetries();
  std::vector<Start> starts;
  std::size_t nodes_to_meet = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].model != i) continue;
    const std::size_t size = components_.nodes(parts_[i].component).size();
    for (std::size_t k = 0; k < parts_[i].starts.size(); ++k) starts.push_back({i, k});
    nodes_to_meet += parts_[i].starts.size() * size;
  }
  const unsigned threads = nodes_to_meet < kNodesWorthAThread ? 1 : limits_.threads;
  constexpr std::size_t kChunks = 64;
  const std::size_t chunk = threads == 1 ? starts.size() : starts.size() / kChunks + 1;
  parallel_chunks(starts.size(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    run(std::span<const Start>(starts).subspan(begin, end - begin));
  });
}

void ComponentOrders::run(std::span<const Start> starts) {
  try {
    NDegreeHash n_degree(state_,
                         {std::min(limits_.work, limits_.run_work), limits_.run_bytes, &stop_});
    IdentifierIssuer issuer(state_.quads.node_count());
    for (const auto& [number_of_part, number] : starts) {
      Part& part = parts_[number_of_part];
      issuer.go_back(0);
      issuer.issue(part.starts[number]);
      const RunEnd end = n_degree.run(part.starts[number], issuer);
      // Relaxed: only the sum counts.
      const std::uint64_t before = work_.fetch_add(n_degree.work(), std::memory_order_relaxed);
      if (end != RunEnd::done) return refuse(end);
      if (before + n_degree.work() > limits_.work) return refuse(RunEnd::too_much_work);
      const std::lock_guard lock(mutex_);
      if (!part.order.empty() && std::tie(part.hash, part.tie_breaker, part.best_start) <
                                     std::tie(n_degree.hash(), n_degree.tie_breaker(), number)) {
        continue;
      }
      part.hash = n_degree.hash();
      part.tie_breaker = n_degree.tie_breaker();
      part.best_start = number;
      part.order.assign(issuer.issued().begin(), issuer.issued().end());
    }
  } catch (...) {
    stop_.store(true, std::memory_order_relaxed);
    throw;
  }
}

void ComponentOrders::refuse(RunEnd end) {
  const std::lock_guard lock(mutex_);
  if (end_ == RunEnd::done || end_ == RunEnd::stopped) end_ = end;
  stop_.store(true, std::memory_order_relaxed);
}

void ComponentOrders::issue(IdentifierIssuer& canonical) const {
  std::vector<std::size_t> sorted(parts_.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  const auto key = [this](std::size_t part) {
    const Part& model = parts_[parts_[part].model];
    return std::tie(parts_[part].node_class, model.hash, model.tie_breaker);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  for (const std::size_t part : sorted) {
    for (const Node node : order(parts_[part])) canonical.issue(node);
  }
}

std::vector<Node> ComponentOrders::order(const Part& part) const {
  const Part& model = parts_[part.model];
  std::vector<Node> order = model.order;
  if (&model == &part) return order;
  const auto nodes = components_.nodes(model.component);
  for (Node& node : order) {
    node = part.images[static_cast<std::size_t>(std::lower_bound(nodes.begin(), nodes.end(), node) -
                                                nodes.begin())];
  }
  return order;
}

void ComponentOrders::find_symmetries() {
  std::vector<std::size_t> candidates;
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto members = components_.nodes(parts_[i].component);
    if (parts_[i].starts.size() < 2 || members.size() < kFewestNodes) continue;
    candidates.push_back(i);
    nodes.insert(nodes.end(), members.begin(), members.end());
  }
  if (candidates.empty()) return;
  const NodeColors colors(state_, std::move(nodes));
  Symmetry symmetry(state_, colors, kStepsPerLink * (colors.link_count() + 1));
  parents_.resize(state_.quads.node_count());
  std::iota(parents_.begin(), parents_.end(), Node{0});
  has_start_.resize(parents_.size());
  std::map<std::vector<std::uint32_t>, std::vector<std::size_t>> models;  // by their colors
  for (const std::size_t i : candidates) {
    std::vector<std::uint32_t> key;
    for (const Node node : components_.nodes(parts_[i].component)) {
      key.push_back(colors.color(node));
    }
    std::sort(key.begin(), key.end());
    std::vector<std::size_t>& alike = models[std::move(key)];
    const bool found = std::any_of(alike.begin(), alike.end(), [&](std::size_t model) {
      return find_model(parts_[i], model, colors, symmetry);
    });
    if (found) continue;
    if (alike.size() < kTries) alike.push_back(i);
    drop_alike_starts(parts_[i], colors, symmetry);
  }
}

bool ComponentOrders::find_model(Part& part, std::size_t model, const NodeColors& colors,
                                 Symmetry& symmetry) const {
  const auto from = components_.nodes(parts_[model].component);
  const auto to = components_.nodes(part.component);
  std::map<std::uint32_t, std::size_t> counts;
  for (const Node node : from) ++counts[colors.color(node)];
  const Node rarest = *std::min_element(from.begin(), from.end(), [&](Node a, Node b) {
    return counts[colors.color(a)] < counts[colors.color(b)];
  });
  std::size_t tries = 0;
  for (const Node node : to) {
    if (colors.color(node) != colors.color(rarest)) continue;
    if (tries++ == kTries) return false;
    if (!symmetry.find(rarest, node)) continue;
    part.model = model;
    for (const Node original : from) part.images.push_back(symmetry.image(original));
    return true;
  }
  return false;
}

void ComponentOrders::drop_alike_starts(Part& part, const NodeColors& colors, Symmetry& symmetry) {
  std::map<std::uint32_t, std::vector<Node>> kept;  // the first few of a color
  std::vector<Node> starts;
  for (const Node start : part.starts) {
    if (has_start_[root(start)]) continue;
    std::vector<Node>& alike = kept[colors.color(start)];
    const auto found = std::find_if(alike.begin(), alike.end(),
                                    [&](Node other) { return symmetry.find(other, start); });
    if (found != alike.end()) {
      for (const Node node : components_.nodes(part.component)) {
        const Node a = root(node);
        const Node b = root(symmetry.image(node));
        if (a == b) continue;
        parents_[b] = a;
        has_start_[a] = has_start_[a] || has_start_[b];
      }
      continue;
    }
    if (alike.size() < kTries) alike.push_back(start);
    has_start_[root(start)] = true;
    starts.push_back(start);
  }
  // A later map may have taken one start that was kept to another one.
  part.starts.clear();
  for (const Node start : starts) {
    if (!has_start_[root(start)]) continue;
    has_start_[root(start)] = false;
    part.starts.push_back(start);
  }
}

Node ComponentOrders::root(Node node) {
  while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
  return node;
}

}  // namespace knhk::rdf::detail
