// Properties of random datasets. RapidCheck says with which bytes one failed, shrunk; RC_PARAMS
// (`seed=… max_success=…`) changes where it starts and how many it tries.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "knhk/rdf/canonical_properties.hpp"
#include "knhk/rdf/spelling_properties.hpp"

namespace knhk::rdf {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A few hundred at most: what makes tens of statements.
Bytes some_bytes(const char* what, double scale = 4) {
  return *rc::gen::scale(scale, rc::gen::arbitrary<Bytes>()).as(what);
}

void expect_to_come_back(Syntax syntax, bool named_graphs) {
  const Bytes quad_bytes = some_bytes("quads");
  const Bytes spelling_bytes = some_bytes("spelling");
  Choices quads(quad_bytes);
  Choices spelling(spelling_bytes);
  const std::string finding =
      broken_spelling_property(OddQuads(quads, named_graphs).take(), syntax, spelling);
  if (!finding.empty()) RC_FAIL(finding);
}

RC_GTEST_PROP(Spelling, of_triples_in_turtle_is_read_back, ()) {
  expect_to_come_back(Syntax::turtle, false);
}
RC_GTEST_PROP(Spelling, of_triples_in_trig_is_read_back, ()) {
  expect_to_come_back(Syntax::trig, false);
}
RC_GTEST_PROP(Spelling, of_quads_in_trig_is_read_back, ()) {
  expect_to_come_back(Syntax::trig, true);
}
RC_GTEST_PROP(Spelling, of_triples_in_ntriples_is_read_back, ()) {
  expect_to_come_back(Syntax::ntriples, false);
}
RC_GTEST_PROP(Spelling, of_quads_in_nquads_is_read_back, ()) {
  expect_to_come_back(Syntax::nquads, true);
}

RC_GTEST_PROP(Writer, gives_nquads_that_are_read_as_the_same_dataset, ()) {
  const Bytes bytes = some_bytes("quads");
  Choices choices(bytes);
  const Dataset dataset = dataset_of(OddQuads(choices, true).take());
  const std::string written = to_nquads(dataset);
  const auto read = read_dataset(written, "written.nq");
  if (!read) RC_FAIL(to_string(read.error()) + "\n" + written);
  RC_ASSERT(read->size() == dataset.size());
  RC_ASSERT(read->term_count() == dataset.term_count());
  for (std::uint32_t i = 0; i < dataset.term_count(); ++i) {
    RC_ASSERT(read->find(dataset.term(TermId{i})) != kNoTerm);
  }
  RC_ASSERT(to_nquads(*read) == written);
}

RC_GTEST_PROP(Writer, gives_terms_that_are_parsed_as_the_same_terms, ()) {
  const Bytes bytes = some_bytes("quads", 1);
  Choices choices(bytes);
  for (const Statement& s : OddQuads(choices, true).take()) {
    for (const OwnedTerm& term : {s.subject, s.predicate, s.object}) {
      const auto parsed = parse_term(to_ntriples(term.view()));
      if (!parsed) RC_FAIL(to_string(parsed.error()));
      RC_ASSERT(*parsed == term);
    }
  }
}

RC_GTEST_PROP(Canonicalize, gives_one_form_whatever_the_order_and_the_labels, ()) {
  const Bytes bytes = some_bytes("quads", 0.5);
  Choices choices(bytes);
  const auto blank_count = *rc::gen::inRange<std::size_t>(1, 12);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const Statements statements = *rc::gen::arbitrary<bool>() ? alike_quads(choices, blank_count)
                                                            : OddQuads(choices, true).take();
  const std::string finding = broken_canonical_property(statements, seed, {});
  if (!finding.empty()) RC_FAIL(finding);
}

// Tries all ways to map the blank nodes `b0`... of one to those of the other.
bool are_isomorphic(const Statements& one, const Statements& other, std::size_t blank_count) {
  const auto lines = [](const Statements& statements) { return to_nquads(dataset_of(statements)); };
  const std::string wanted = lines(other);
  std::vector<std::size_t> numbers(blank_count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  do {
    Statements mapped = one;
    const auto relabel = [&numbers](OwnedTerm& term) {
      if (term.kind != TermKind::blank) return;
      term = numbered_blank(numbers[static_cast<std::size_t>(std::stoul(term.text.substr(1)))]);
    };
    for (Statement& s : mapped) {
      relabel(s.subject);
      relabel(s.object);
      if (s.graph) relabel(*s.graph);
    }
    if (lines(mapped) == wanted) return true;
  } while (std::next_permutation(numbers.begin(), numbers.end()));
  return false;
}

RC_GTEST_PROP(Canonicalize, tells_datasets_apart_exactly_when_no_relabelling_makes_them_one, ()) {
  const Bytes bytes = some_bytes("quads", 0.3);
  Choices choices(bytes);
  const auto blank_count = *rc::gen::inRange<std::size_t>(2, 6);
  const Statements one = alike_quads(choices, blank_count);
  RC_PRE(!one.empty());
  Statements other = one;  // with one end moved, which may or may not make a difference
  Statement& moved = other[*rc::gen::inRange<std::size_t>(0, one.size())];
  (*rc::gen::arbitrary<bool>() ? moved.object : moved.subject) =
      numbered_blank(*rc::gen::inRange<std::size_t>(0, blank_count));
  const auto a = canonicalize(dataset_of(one));
  const auto b = canonicalize(dataset_of(other));
  RC_ASSERT(a.has_value() && b.has_value());
  const bool same = a->nquads == b->nquads;
  RC_CLASSIFY(same, "isomorphic");
  RC_ASSERT(same == are_isomorphic(one, other, blank_count));
}

}  // namespace
}  // namespace knhk::rdf
