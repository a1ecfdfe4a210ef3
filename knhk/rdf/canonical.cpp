#include "knhk/rdf/canonical.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "knhk/crypto/hash.hpp"
#include "knhk/rdf/detail/blank_quads.hpp"
#include "knhk/rdf/detail/hasher.hpp"
#include "knhk/rdf/detail/identifier_issuer.hpp"
#include "knhk/rdf/detail/n_degree_hash.hpp"
#include "knhk/rdf/detail/quad_lines.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

using detail::BlankQuads;
using detail::CanonicalizationState;
using detail::Node;

struct WorkLimits {
  std::uint64_t total;
  std::uint64_t run;  // for what starts at one node
};

// Without permutations, what starts at one node meets every other a few times: real data needs
// that, and at worst once for each node. Poison needs a factorial within one run, and is found
// there.
WorkLimits work_limits(const CanonicalizeOptions& options, std::uint64_t node_count) {
  if (options.work_limit != 0) return {options.work_limit, options.work_limit};
  constexpr std::uint64_t kRunBase = 2'000'000;
  constexpr std::uint64_t kRunPerNode = 32;
  constexpr std::uint64_t kTotalBase = 20'000'000;
  constexpr std::uint64_t kTotalPerPair = 16;
  constexpr std::uint64_t kTotalMost = 100'000'000;
  const std::uint64_t nodes = std::min<std::uint64_t>(node_count, 1'000'000);
  return {std::clamp(kTotalPerPair * nodes * nodes, kTotalBase, kTotalMost),
          kRunBase + kRunPerNode * nodes};
}

// Hash First Degree Quads (section 4.6).
std::string first_degree_hash(CanonicalizationState& state, Node node) {
  std::vector<std::string> lines;
  for (const std::uint32_t index : state.quads.mentions(node)) {
    const Quad& quad = state.quads.quad(index);
    std::string& line = lines.emplace_back();
    for (const TermId id : {quad.subject, quad.predicate, quad.object, quad.graph}) {
      if (id == kNoTerm) continue;
      const Node other = state.quads.node(id);
      if (other == detail::kNoNode) {
        append_ntriples(line, state.dataset.term(id));
      } else {
        line += other == node ? "_:a" : "_:z";
      }
      line += ' ';
    }
    line += ".\n";
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return state.hasher.hash(text);
}

// The nodes sorted by the hash of their own quads; sets hashes and classes (step 3).
std::vector<Node> sort_by_first_degree(CanonicalizationState& state) {
  const std::size_t count = state.quads.node_count();
  std::vector<Node> nodes(count);
  std::iota(nodes.begin(), nodes.end(), Node{0});
  for (const Node node : nodes) state.first_degree.push_back(first_degree_hash(state, node));
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

// Calls `visit` with each part of `nodes` whose first degree hashes are equal, in their order.
template <class Visit>
bool for_each_class(const CanonicalizationState& state, const std::vector<Node>& nodes,
                    const Visit& visit) {
  for (auto first = nodes.begin(); first != nodes.end();) {
    const std::uint32_t number = state.first_degree_class[*first];
    const auto last = std::find_if(first, nodes.end(),
                                   [&](Node n) { return state.first_degree_class[n] != number; });
    if (!visit(std::span<const Node>(first, last))) return false;
    first = last;
  }
  return true;
}

// Steps 5.1 to 5.3 for one class. False: the work limit was reached.
bool issue_class(CanonicalizationState& state, detail::NDegreeHash& n_degree,
                 detail::IdentifierIssuer& temporary, std::span<const Node> nodes) {
  std::vector<std::pair<std::string, std::vector<Node>>> results;
  for (const Node node : nodes) {
    if (state.canonical.has(node)) continue;
    temporary.go_back(0);
    temporary.issue(node);
    auto hash = n_degree.hash(node, temporary);
    if (!hash) return false;
    const auto issued = temporary.issued();
    results.emplace_back(std::move(*hash), std::vector<Node>(issued.begin(), issued.end()));
  }
  std::stable_sort(results.begin(), results.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [hash, issued] : results) {
    for (const Node node : issued) state.canonical.issue(node);
  }
  return true;
}

// Steps 3 to 5: every node gets its canonical number. False: the work limit was reached.
bool issue_all(CanonicalizationState& state) {
  const std::vector<Node> nodes = sort_by_first_degree(state);
  (void)for_each_class(state, nodes, [&state](std::span<const Node> alike) {
    if (alike.size() == 1) state.canonical.issue(alike.front());
    return true;
  });
  if (state.canonical.issued().size() == nodes.size()) return true;
  detail::NDegreeHash n_degree(state);
  detail::IdentifierIssuer temporary(nodes.size());
  return for_each_class(state, nodes, [&](std::span<const Node> alike) {
    return alike.size() == 1 || issue_class(state, n_degree, temporary, alike);
  });
}

Result<Canonical> canonicalize_checked(const Dataset& dataset, const CanonicalizeOptions& options) {
  const BlankQuads quads(dataset);
  const WorkLimits limits = work_limits(options, quads.node_count());
  CanonicalizationState state{dataset,
                              quads,
                              {},
                              {},
                              detail::IdentifierIssuer(quads.node_count()),
                              detail::Hasher(options.hash),
                              0,
                              limits.total,
                              limits.run};
  if (!issue_all(state)) {
    return fail(Errc::work_limit, "",
                "the blank nodes resemble each other too much: no canonical form after " +
                    std::to_string(state.work) + " steps");
  }
  Canonical canonical;
  canonical.work = state.work;
  canonical.labels.resize(dataset.term_count());
  for (Node node = 0; node < quads.node_count(); ++node) {
    canonical.labels[index_of(quads.term(node))] =
        "c14n" + std::to_string(state.canonical.number(node));
  }
  canonical.nquads = detail::sorted_lines(dataset, [&](TermId id, std::string& out) {
    const Term term = dataset.term(id);
    append_ntriples(out, term.is_blank() ? Term::blank(canonical.labels[index_of(id)]) : term);
  });
  return canonical;
}

}  // namespace

Result<Canonical> canonicalize(const Dataset& dataset, const CanonicalizeOptions& options) {
  try {
    return canonicalize_checked(dataset, options);
  } catch (const std::bad_alloc&) {
    return fail(Errc::out_of_memory, "", "not enough memory to canonicalize");
  } catch (const std::length_error&) {
    return fail(Errc::out_of_memory, "", "not enough memory to canonicalize");
  }
}

Result<SnapshotId> snapshot_id(const Dataset& dataset) {
  auto canonical = canonicalize(dataset);
  if (!canonical) return forward_error(std::move(canonical));
  return snapshot_id_of(canonical->nquads);
}

SnapshotId snapshot_id_of(std::string_view canonical_nquads) {
  return SnapshotId{crypto::sha256(canonical_nquads).bytes};
}

}  // namespace knhk::rdf
