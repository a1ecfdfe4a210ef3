#include "knhk/rdf/canonical.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "knhk/base/parallel.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/detail/component_orders.hpp"
#include "knhk/rdf/detail/hasher.hpp"
#include "knhk/rdf/detail/identifier_issuer.hpp"
#include "knhk/rdf/detail/n_degree_hash.hpp"
#include "knhk/rdf/detail/node_quads.hpp"
#include "knhk/rdf/detail/quad_lines.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

using detail::BlankQuads;
using detail::CanonicalizationState;
using detail::Node;

// Without permutations, what starts at one node meets every other a few times: real data needs
// that, and at worst once for each node. Poison needs a factorial within one run, and is found
// there.
detail::ComponentOrders::Limits limits_of(const CanonicalizeOptions& options,
                                          std::uint64_t node_count) {
  constexpr std::uint64_t kRunBase = 2'000'000;
  constexpr std::uint64_t kRunPerNode = 32;
  constexpr std::uint64_t kTotalBase = 20'000'000;
  constexpr std::uint64_t kTotalPerPair = 16;
  constexpr std::uint64_t kTotalMost = 100'000'000;
  constexpr std::uint64_t kBytesBase = std::uint64_t{64} << 20U;
  constexpr std::uint64_t kBytesPerNode = 2048;
  const std::uint64_t nodes = std::min<std::uint64_t>(node_count, 1'000'000);
  detail::ComponentOrders::Limits limits{
      std::clamp(kTotalPerPair * nodes * nodes, kTotalBase, kTotalMost),
      kRunBase + kRunPerNode * nodes, kBytesBase + kBytesPerNode * node_count, options.threads,
      options.stop};
  if (options.work_limit != 0) limits.work = limits.run_work = options.work_limit;
  if (options.byte_limit != 0) limits.run_bytes = options.byte_limit;
  return limits;
}

// Hash First Degree Quads (section 4.6).
detail::HashValue first_degree_hash(const CanonicalizationState& state, detail::Hasher& hasher,
                                    Node node) {
  std::string text;
  detail::append_quads_of(
      node, state.dataset, state.quads, text,
      [node](std::string& out, Node other) { out += other == node ? "_:a" : "_:z"; });
  return hasher.hash(text);
}

// Errors: throws `std::bad_alloc`.
void find_first_degree(CanonicalizationState& state, unsigned threads) {
  constexpr std::size_t kNodesPerChunk = 1024;
  state.first_degree.resize(state.quads.node_count());
  std::atomic<bool> out_of_memory{false};
  parallel_chunks(
      state.quads.node_count(), kNodesPerChunk, threads, [&](std::size_t first, std::size_t last) {
        try {
          detail::Hasher hasher(state.algorithm);
          for (std::size_t i = first; i < last; ++i) {
            state.first_degree[i] = first_degree_hash(state, hasher, static_cast<Node>(i));
          }
        } catch (const std::exception&) {  // bad_alloc or length_error
          // Relaxed: joining publishes it.
          out_of_memory.store(true, std::memory_order_relaxed);
        }
      });
  if (out_of_memory) throw std::bad_alloc();
}

// The nodes sorted by the hash of their own quads; sets hashes and classes (step 3).
std::vector<Node> sort_by_first_degree(CanonicalizationState& state, unsigned threads) {
  const std::size_t count = state.quads.node_count();
  find_first_degree(state, threads);
  std::vector<Node> nodes(count);
  std::iota(nodes.begin(), nodes.end(), Node{0});
  std::stable_sort(nodes.begin(), nodes.end(), [&state](Node a, Node b) {
    return state.first_degree[a] < state.first_degree[b];
  });
  state.first_degree_class.resize(count);
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && state.first_degree[nodes[i]] != state.first_degree[nodes[i - 1]]) ++number;
    state.first_degree_class[nodes[i]] = number;
  }
  return nodes;
}

Error refusal(detail::RunEnd end, const detail::ComponentOrders::Limits& limits) {
  if (end == detail::RunEnd::stopped) {
    return {Errc::cancelled, "", "canonicalization was called off before it was finished"};
  }
  if (end == detail::RunEnd::too_many_bytes) {
    return {Errc::limit_exceeded, "",
            "the search for the order of alike blank nodes needs more than " +
                std::to_string(limits.run_bytes) + " bytes"};
  }
  return {Errc::work_limit, "",
          "the blank nodes resemble each other too much: no canonical form within " +
              std::to_string(limits.work) + " steps, " + std::to_string(limits.run_work) +
              " from one node"};
}

// Steps 3 to 5: every node gets its canonical number. Gives the steps of work.
Result<std::uint64_t> issue_all(CanonicalizationState& state,
                                const detail::ComponentOrders::Limits& limits) {
  const std::vector<Node> nodes = sort_by_first_degree(state, limits.threads);
  const auto node_class = [&](std::size_t i) { return state.first_degree_class[nodes[i]]; };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool is_first = i == 0 || node_class(i) != node_class(i - 1);
    const bool is_last = i + 1 == nodes.size() || node_class(i) != node_class(i + 1);
    if (is_first && is_last) state.canonical.issue(nodes[i]);
  }
  if (state.canonical.issued().size() == nodes.size()) return 0;
  detail::ComponentOrders orders(state, nodes, limits);
  const detail::RunEnd end = orders.solve();
  if (end != detail::RunEnd::done) return tl::unexpected(refusal(end, limits));
  orders.issue(state.canonical);
  return orders.work();
}

// The canonical numbers by number of term; kNoNode for all but blank nodes that are in a quad.
struct Numbered {
  std::vector<Node> numbers;
  std::uint64_t work = 0;
};

std::string label_of(Node number) {
  return number == detail::kNoNode ? std::string() : "c14n" + std::to_string(number);
}

Result<Numbered> number(const Dataset& dataset, const CanonicalizeOptions& options) {
  const BlankQuads quads(dataset);
  CanonicalizationState state{dataset, quads, options.hash,
                              {},      {},    detail::IdentifierIssuer(quads.node_count())};
  const auto work = issue_all(state, limits_of(options, quads.node_count()));
  if (!work) return tl::unexpected(work.error());
  Numbered numbered{std::vector<Node>(dataset.term_count(), detail::kNoNode), *work};
  for (Node node = 0; node < quads.node_count(); ++node) {
    numbered.numbers[index_of(quads.term(node))] = state.canonical.number(node);
  }
  return numbered;
}

auto writer_of(const Dataset& dataset, const Numbered& numbered) {
  return [&](TermId id, std::string& out) {
    const Term term = dataset.term(id);
    const std::string label = label_of(numbered.numbers[index_of(id)]);
    append_ntriples(out, term.is_blank() ? Term::blank(label) : term);
  };
}

// Runs `body`, which gives a Result.
template <class Body>
auto within_memory(const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {
  }
  return fail(Errc::out_of_memory, "", "not enough memory to canonicalize");
}

}  // namespace

Result<Canonical> canonicalize(const Dataset& dataset, const CanonicalizeOptions& options) {
  return within_memory([&]() -> Result<Canonical> {
    auto numbered = number(dataset, options);
    if (!numbered) return forward_error(std::move(numbered));
    std::string nquads =
        detail::sorted_lines(dataset, writer_of(dataset, *numbered), options.threads);
    std::vector<std::string> labels(dataset.term_count());
    std::ranges::transform(numbered->numbers, labels.begin(), label_of);
    return Canonical{std::move(nquads), std::move(labels), numbered->work};
  });
}

Result<SnapshotId> snapshot_id(const Dataset& dataset, const CanonicalizeOptions& options) {
  return within_memory([&]() -> Result<SnapshotId> {
    auto numbered = number(dataset, options);
    if (!numbered) return forward_error(std::move(numbered));
    crypto::Sha256 hash;
    detail::for_sorted_lines(dataset, writer_of(dataset, *numbered), options.threads,
                             [&hash](std::string_view lines) { hash.update(lines); });
    return SnapshotId{hash.finish().bytes};
  });
}

SnapshotId snapshot_id_of(std::string_view canonical_nquads) {
  return SnapshotId{crypto::sha256(canonical_nquads).bytes};
}

}  // namespace knhk::rdf
