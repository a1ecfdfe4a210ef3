#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "knhk/rdf/dataset.hpp"

namespace knhk::rdf {

/// Random quads for tests: small, full of blank nodes that resemble each other, with literals and
/// labels that have to be escaped or look odd. The seed is all that the quads depend on.
class RandomQuads {
 public:
  struct Statement {
    OwnedTerm subject, predicate, object;
    std::vector<OwnedTerm> graph;  // none or one
  };

  explicit RandomQuads(std::uint64_t seed) : random_(seed) {
    const std::size_t kind = below(3);
    if (kind == 0) add_anything();
    if (kind == 1) add_regular_graph();
    if (kind == 2) add_layers();
  }

  /// Up to three copies, not all of them exact, of one small graph that symmetries move.
  [[nodiscard]] static RandomQuads symmetric(std::uint64_t seed) {
    RandomQuads quads(seed);
    quads.statements_.clear();
    quads.add_symmetric_copies();
    return quads;
  }

  [[nodiscard]] Dataset dataset() const {
    DatasetBuilder builder;
    for (const Statement& s : statements_) {
      if (s.graph.empty()) {
        builder.add(s.subject.view(), s.predicate.view(), s.object.view());
      } else {
        builder.add(s.subject.view(), s.predicate.view(), s.object.view(), s.graph[0].view());
      }
    }
    return std::move(builder).build();
  }

  /// The same with other blank node labels, in another order, some statements repeated.
  [[nodiscard]] RandomQuads disguised() const {
    RandomQuads other = *this;
    std::vector<std::size_t> numbers(24);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
    std::shuffle(numbers.begin(), numbers.end(), other.random_);
    const auto relabel = [&numbers](OwnedTerm& term) {
      if (term.kind != TermKind::blank) return;
      const std::size_t number = static_cast<std::size_t>(std::stoul(term.text.substr(1)));
      term.text = "z" + std::to_string(numbers[number] * 7);
    };
    for (Statement& s : other.statements_) {
      relabel(s.subject);
      relabel(s.object);
      for (OwnedTerm& graph : s.graph) relabel(graph);
    }
    if (!other.statements_.empty()) {
      other.statements_.push_back(other.statements_[other.below(other.statements_.size())]);
    }
    std::shuffle(other.statements_.begin(), other.statements_.end(), other.random_);
    return other;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  void add_anything() {
    const std::size_t blank_count = 1 + below(7);
    for (std::size_t left = below(16); left > 0; --left) {
      Statement statement{resource(blank_count), iri(3), object(blank_count), {}};
      if (below(4) == 0) statement.graph.push_back(resource(blank_count));
      statements_.push_back(std::move(statement));
    }
  }

  // Every node has as many edges in and out as every other: all look alike at first.
  void add_regular_graph() {
    std::vector<std::size_t> targets(2 + below(6));
    for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = i;
    for (std::size_t left = 1 + below(2); left > 0; --left) {
      std::shuffle(targets.begin(), targets.end(), random_);
      const OwnedTerm predicate = iri(2);
      for (std::size_t i = 0; i < targets.size(); ++i) link(i, predicate, targets[i]);
    }
  }

  // Layers of two or three nodes; every node of one is linked to nodes of the next.
  void add_layers() {
    std::size_t first = 0;
    std::size_t width = 1 + below(3);
    for (std::size_t left = 1 + below(2); left > 0; --left) {
      const std::size_t next_width = 2 + below(2);
      const OwnedTerm predicate = iri(2);
      const bool backwards = below(2) == 0;
      for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t j = 0; j < next_width; ++j) {
          if (below(4) == 0) continue;
          const std::size_t from = first + i;
          const std::size_t to = first + width + j;
          link(backwards ? to : from, predicate, backwards ? from : to);
        }
      }
      first += width;
      width = next_width;
    }
  }

  void add_symmetric_copies() {
    using Pair = std::pair<std::size_t, std::size_t>;
    static const std::vector<std::vector<Pair>> kGraphs = {
        {{0, 1}, {1, 2}, {2, 3}, {3, 0}},                                          // a ring
        {{0, 1}, {1, 2}, {2, 3}, {3, 4}},                                          // a chain
        {{0, 1}, {1, 2}, {2, 0}, {1, 0}, {2, 1}, {0, 2}},                          // a clique
        {{0, 1}, {0, 2}, {1, 3}, {2, 4}},                                          // two branches
        {{0, 1}, {0, 2}, {1, 2}, {3, 4}, {3, 5}, {4, 5}, {0, 3}, {1, 4}, {2, 5}},  // a prism
        {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 4}, {2, 5}},  // a ring with tails
        {{0, 1}, {2, 1}, {2, 3}, {0, 3}},                  // back and forth
    };
    const std::vector<Pair>& graph = kGraphs[below(kGraphs.size())];
    const bool both_ways = below(3) == 0;
    const bool is_named = below(4) == 0;
    const bool is_anchored = below(4) == 0;
    std::size_t first = 0;
    for (std::size_t left = graph.size() > 6 ? 1 + below(2) : 1 + below(3); left > 0; --left) {
      for (const auto& [from, to] : graph) {
        if (below(40) == 0) continue;
        link(first + from, fixed_iri("p"), first + to);
        if (is_named)
          statements_.push_back(
              {numbered(first + from), fixed_iri("p"), numbered(first + to), {fixed_iri("g")}});
        if (both_ways) link(first + to, fixed_iri("p"), first + from);
      }
      if (is_anchored) statements_.push_back({fixed_iri("x"), fixed_iri("p"), numbered(first), {}});
      first += graph.size() > 6 ? 6 : 5 + below(2);
    }
  }

  static OwnedTerm fixed_iri(const std::string& tail) {
    return OwnedTerm(Term::iri("http://example.org/" + tail));
  }

  void link(std::size_t from, const OwnedTerm& predicate, std::size_t to) {
    statements_.push_back({numbered(from), predicate, numbered(to), {}});
  }

  OwnedTerm iri(std::size_t count) {
    static const std::string kTails[] = {"p", "q", "\xC3\xA9#x", "\xF0\x9F\x98\x80/?a=b%20c"};
    return OwnedTerm(Term::iri("http://example.org/" + kTails[below(count)]));
  }
  static OwnedTerm numbered(std::size_t number) {
    return OwnedTerm(Term::blank("b" + std::to_string(number)));
  }
  OwnedTerm blank(std::size_t count) { return numbered(below(count)); }
  OwnedTerm resource(std::size_t blank_count) {
    return below(5) == 0 ? iri(4) : blank(blank_count);
  }
  OwnedTerm object(std::size_t blank_count) {
    if (below(4) != 0) return resource(blank_count);
    static const std::string kPieces[] = {"a",
                                          "\"",
                                          "\\",
                                          "\n",
                                          "\r",
                                          "\t",
                                          "\b",
                                          "'",
                                          "\f",
                                          "@",
                                          "^",
                                          "\x7F",
                                          std::string(1, '\0'),
                                          "\x01",
                                          "\xC2\x80",
                                          "\xEF\xBF\xBF",
                                          "\xF0\x9F\x98\x80"};
    std::string text;
    for (std::size_t left = below(4); left > 0; --left) text += kPieces[below(std::size(kPieces))];
    switch (below(3)) {
      case 0:
        return OwnedTerm(Term::literal(text));
      case 1:
        return OwnedTerm(Term::lang_literal(text, below(2) == 0 ? "en" : "de-CH-1996"));
      default:
        return OwnedTerm(Term::literal(text, "http://example.org/type"));
    }
  }

  std::mt19937_64 random_;
  std::vector<Statement> statements_;
};

}  // namespace knhk::rdf
