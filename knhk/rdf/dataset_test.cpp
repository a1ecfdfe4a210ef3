#include "knhk/rdf/dataset.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace knhk::rdf {
namespace {

TermId iri(DatasetBuilder& builder, const std::string& text) {
  return builder.intern(Term::iri(text));
}

TEST(DatasetBuilder, gives_equal_terms_one_number_and_different_terms_different_ones) {
  DatasetBuilder builder;
  const Term terms[] = {Term::iri("a"),
                        Term::blank("a"),
                        Term::literal("a"),
                        Term::literal("a", "http://example.org/a"),
                        Term::lang_literal("a", "en"),
                        Term::lang_literal("a", "EN"),
                        Term::literal(""),
                        Term::iri("")};
  std::set<TermId> numbers;
  for (const Term& term : terms) numbers.insert(builder.intern(term));
  EXPECT_EQ(numbers.size(), std::size(terms));
  for (const Term& term : terms) EXPECT_TRUE(numbers.contains(builder.intern(term)));
  const Dataset dataset = std::move(builder).build();
  EXPECT_EQ(dataset.term_count(), std::size(terms));
  for (const Term& term : terms) {
    const TermId id = dataset.find(term);
    ASSERT_NE(id, kNoTerm);
    EXPECT_EQ(dataset.term(id), term);
    EXPECT_EQ(dataset.kind(id), term.kind);
  }
  EXPECT_EQ(dataset.find_iri("b"), kNoTerm);
}

TEST(DatasetBuilder, completes_the_datatype_of_a_literal_without_one) {
  DatasetBuilder builder;
  const TermId plain = builder.intern({TermKind::literal, "x"});
  const TermId tagged = builder.intern({TermKind::literal, "x", "", "de"});
  const Dataset dataset = std::move(builder).build();
  EXPECT_EQ(dataset.term(plain), Term::literal("x", kStringDatatype));
  EXPECT_EQ(dataset.term(tagged), Term::lang_literal("x", "de"));
}

TEST(DatasetBuilder, finds_every_one_of_many_terms_again) {
  DatasetBuilder builder;
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(index_of(iri(builder, "http://example.org/" + std::to_string(i))),
              static_cast<std::uint32_t>(i));
  }
  const std::string large(3 << 20, 'x');
  const TermId id = builder.intern(Term::literal(large));
  const Dataset dataset = std::move(builder).build();
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(index_of(dataset.find_iri("http://example.org/" + std::to_string(i))),
              static_cast<std::uint32_t>(i));
  }
  EXPECT_EQ(dataset.term(id).text, large);
  EXPECT_GT(dataset.size_bytes(), large.size());
}

TEST(DatasetBuilder, refuses_more_terms_than_its_limit) {
  DatasetBuilder builder(2);
  EXPECT_NE(iri(builder, "a"), kNoTerm);
  EXPECT_NE(iri(builder, "b"), kNoTerm);
  EXPECT_TRUE(builder.status());
  EXPECT_EQ(iri(builder, "c"), kNoTerm);
  EXPECT_NE(iri(builder, "a"), kNoTerm);
  ASSERT_FALSE(builder.status());
  EXPECT_EQ(builder.status().error().code, Errc::limit_exceeded);
  builder.add(Term::iri("a"), Term::iri("b"), Term::iri("c"));
  EXPECT_TRUE(std::move(builder).build().empty());
}

class TwoGraphs : public testing::Test {
 protected:
  TwoGraphs() {
    DatasetBuilder builder;
    for (TermId* id : {&g, &a, &b, &p, &q, &c}) {
      *id = iri(builder, "http://example.org/" + std::to_string(builder.terms().size()));
    }
    builder.add(b, q, c);
    builder.add(a, p, b);
    builder.add(a, p, b);
    builder.add(a, p, c);
    builder.add(a, q, c);
    builder.add(b, p, a, g);
    dataset = std::move(builder).build();
  }

  TermId g{}, a{}, b{}, p{}, q{}, c{};
  Dataset dataset;
};

TEST_F(TwoGraphs, count_a_repeated_quad_once) {
  EXPECT_EQ(dataset.size(), 5U);
  EXPECT_EQ(dataset.default_graph().size(), 4U);
}

TEST_F(TwoGraphs, are_kept_apart) {
  ASSERT_EQ(dataset.graph_names().size(), 1U);
  EXPECT_EQ(dataset.graph_names()[0], g);
  EXPECT_EQ(dataset.graph(g).size(), 1U);
  EXPECT_TRUE(dataset.graph(g).contains(b, p, a));
  EXPECT_FALSE(dataset.default_graph().contains(b, p, a));
  EXPECT_EQ(&dataset.graph(kNoTerm), &dataset.default_graph());
  EXPECT_TRUE(dataset.graph(a).empty());
}

TEST_F(TwoGraphs, answer_each_pattern_from_a_sorted_view) {
  const Graph& graph = dataset.default_graph();
  EXPECT_EQ(graph.of_subject(a).size(), 3U);
  EXPECT_EQ(graph.of_subject(c).size(), 0U);
  const auto objects = graph.of_subject_predicate(a, p);
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].object, b);
  EXPECT_EQ(objects[1].object, c);
  EXPECT_EQ(graph.of_predicate(q).size(), 2U);
  const auto subjects = graph.of_predicate_object(q, c);
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_EQ(subjects[0].subject, a);
  EXPECT_EQ(subjects[1].subject, b);
  EXPECT_EQ(graph.of_object(c).size(), 3U);
  EXPECT_EQ(graph.of_object_subject(c, a).size(), 2U);
  EXPECT_TRUE(graph.contains(a, q, c));
  EXPECT_FALSE(graph.contains(c, q, a));
}

TEST_F(TwoGraphs, survive_a_move_with_their_views) {
  const auto view = dataset.default_graph().of_subject(a);
  const Term term = dataset.term(a);
  const Dataset moved = std::move(dataset);
  EXPECT_EQ(moved.default_graph().of_subject(a).data(), view.data());
  EXPECT_EQ(moved.term(a).text.data(), term.text.data());
}

TEST(Dataset, is_empty_at_first) {
  const Dataset dataset;
  EXPECT_TRUE(dataset.empty());
  EXPECT_EQ(dataset.term_count(), 0U);
  EXPECT_EQ(dataset.find_iri("a"), kNoTerm);
  EXPECT_TRUE(dataset.default_graph().triples().empty());
}

}  // namespace
}  // namespace knhk::rdf
