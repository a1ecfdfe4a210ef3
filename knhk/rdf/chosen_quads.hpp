#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "knhk/rdf/choices.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/vocabulary.hpp"

// Quads made up from bytes.
namespace knhk::rdf {

struct Statement {
  OwnedTerm subject, predicate, object;
  std::optional<OwnedTerm> graph = std::nullopt;

  friend bool operator==(const Statement&, const Statement&) = default;
};
using Statements = std::vector<Statement>;

inline Dataset dataset_of(const Statements& statements) {
  DatasetBuilder builder;
  for (const Statement& s : statements) {
    if (s.graph) {
      builder.add(s.subject.view(), s.predicate.view(), s.object.view(), s.graph->view());
    } else {
      builder.add(s.subject.view(), s.predicate.view(), s.object.view());
    }
  }
  return std::move(builder).build();
}

inline OwnedTerm numbered_blank(std::size_t number) {
  return OwnedTerm(Term::blank("b" + std::to_string(number)));
}

/// The same quads with other labels, in another order, the first repeated. `seed` says which.
/// Requires: labels are those of `numbered_blank` with numbers below 256.
inline Statements disguised(Statements statements, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::array<std::size_t, 256> numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  std::shuffle(numbers.begin(), numbers.end(), random);
  const auto relabel = [&numbers](OwnedTerm& term) {
    if (term.kind != TermKind::blank) return;
    const auto number = static_cast<std::size_t>(std::stoul(term.text.substr(1)));
    term.text = "z" + std::to_string(numbers[number] * 7);
  };
  for (Statement& s : statements) {
    relabel(s.subject);
    relabel(s.object);
    if (s.graph) relabel(*s.graph);
  }
  if (!statements.empty()) statements.push_back(statements.front());
  std::shuffle(statements.begin(), statements.end(), random);
  return statements;
}

/// Few predicates and many blank nodes, so that nodes resemble each other: what makes canonical
/// labels hard to find. One statement for each four bytes.
inline Statements alike_quads(Choices& choices, std::size_t blank_count) {
  const auto iri = [](const char* text) { return OwnedTerm(Term::iri(text)); };
  const std::array predicates = {iri("e:p"), iri("e:q")};
  const auto node = [&](std::size_t number) {
    return number < blank_count ? numbered_blank(number) : iri(number % 2 == 0 ? "e:a" : "e:b");
  };
  Statements statements;
  while (!choices.used_up()) {
    Statement s{node(choices.below(blank_count + 1)), choices.one_of(predicates),
                node(choices.below(blank_count + 2))};
    if (const std::size_t graph = choices.below(256); graph >= 192) {
      s.graph = node(graph % (blank_count + 1));
    }
    statements.push_back(std::move(s));
  }
  return statements;
}

/// Quads whose terms are as odd as RDF lets them be: text that has to be escaped, numbers of all
/// spellings, IRIs near each other, lists, nodes that nothing else refers to.
class OddQuads {
 public:
  OddQuads(Choices& choices, bool named_graphs) : choices_(choices), named_graphs_(named_graphs) {
    while (!choices_.used_up() && statements_.size() < 60) add();
  }

  [[nodiscard]] Statements take() { return std::move(statements_); }

 private:
  void add() {
    std::optional<OwnedTerm> graph;
    if (named_graphs_ && choices_.rarely(3)) graph = resource();
    if (!choices_.rarely(6)) {
      statements_.push_back({resource(), predicate(), object(), graph});
      return;
    }
    OwnedTerm head = next_blank();
    statements_.push_back({resource(), predicate(), head, graph});
    for (std::size_t left = choices_.below(3);; --left) {
      statements_.push_back({head, OwnedTerm(Term::iri(vocab::rdf::first)), object(), graph});
      OwnedTerm rest = left == 0 ? OwnedTerm(Term::iri(vocab::rdf::nil)) : next_blank();
      statements_.push_back({head, OwnedTerm(Term::iri(vocab::rdf::rest)), rest, graph});
      if (left == 0) return;
      head = std::move(rest);
    }
  }

  // One of those that only a few statements are about; numbers go round.
  OwnedTerm next_blank() { return numbered_blank(6 + blank_count_++ % 100); }

  OwnedTerm iri() {
    static const std::array<std::string, 14> kTails = {"a",
                                                       "b",
                                                       "a/b#c",
                                                       "a/b#",
                                                       "a/b",
                                                       "x.y",
                                                       "x.",
                                                       "p%20q",
                                                       "~!$&'()*",
                                                       "-1",
                                                       "\xC3\xA9t\xC3\xA9",
                                                       "?q=1;r#",
                                                       "\xF0\x9F\x98\x80",
                                                       ""};
    static const std::array<std::string, 3> kSpaces = {"http://example.org/",
                                                       "urn:x:", "http://example.org/a/b#"};
    std::string text = choices_.one_of(kSpaces);
    text += choices_.one_of(kTails);
    return OwnedTerm(Term::iri(text));
  }

  OwnedTerm predicate() {
    return choices_.rarely(5) ? OwnedTerm(Term::iri(vocab::rdf::type)) : iri();
  }

  OwnedTerm resource() {
    switch (choices_.below(4)) {
      case 0:
        return iri();
      case 1:
        return next_blank();
      default:
        return numbered_blank(choices_.below(6));
    }
  }

  OwnedTerm object() {
    switch (choices_.below(4)) {
      case 0:
        return resource();
      case 1:
        return written_bare();
      case 2:
        return next_blank();
      default:
        return literal();
    }
  }

  // Literals that Turtle can write without quotes, and some that only look so.
  OwnedTerm written_bare() {
    static const std::array<std::pair<std::string, const char*>, 16> kLiterals = {{
        {"1", "integer"},
        {"-0", "integer"},
        {"+007", "integer"},
        {"1.", "integer"},
        {"1.5", "decimal"},
        {".5", "decimal"},
        {"-1.", "decimal"},
        {"1e0", "double"},
        {"1.E3", "double"},
        {".5e-7", "double"},
        {"INF", "double"},
        {"true", "boolean"},
        {"false", "boolean"},
        {"1", "boolean"},
        {"1", "decimal"},
        {"1.5", "double"},
    }};
    const auto& [text, type] = choices_.one_of(kLiterals);
    return OwnedTerm(Term::literal(text, "http://www.w3.org/2001/XMLSchema#" + std::string(type)));
  }

  OwnedTerm literal() {
    static const std::array<std::string, 20> kPieces = {
        "a",    "\"",       "\"\"\"",       "'",
        "'''",  "\\",       "\\n",          "\n",
        "\r",   "\t",       "\b",           "\f",
        "@en",  "^^<",      "\x7F",         std::string(1, '\0'),
        "\x01", "\xC2\x80", "\xEF\xBF\xBF", "\xF0\x9F\x98\x80"};
    std::string text;
    for (std::size_t left = choices_.below(5); left > 0; --left) text += choices_.one_of(kPieces);
    switch (choices_.below(4)) {
      case 0:
        return OwnedTerm(Term::lang_literal(text, choices_.below(2) == 0 ? "en" : "de-CH-1996"));
      case 1:
        return OwnedTerm(Term::literal(text, iri().text));
      default:
        return OwnedTerm(Term::literal(text));
    }
  }

  Choices& choices_;
  bool named_graphs_;
  std::size_t blank_count_ = 0;
  Statements statements_;
};

}  // namespace knhk::rdf
