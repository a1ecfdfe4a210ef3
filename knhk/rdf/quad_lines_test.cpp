#include "knhk/rdf/detail/quad_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf::detail {
namespace {

std::function<void(TermId, std::string&)> writer_of(const Dataset& dataset) {
  return [&dataset](TermId id, std::string& out) { append_ntriples(out, dataset.term(id)); };
}

// Written and sorted as lines.
std::string lines_of(const Dataset& dataset) {
  std::vector<std::string> lines;
  for_each_quad(dataset, [&](const Quad& q) {
    std::string& line = lines.emplace_back();
    for (const TermId id : {q.subject, q.predicate, q.object, q.graph}) {
      if (id != kNoTerm) line += to_ntriples(dataset.term(id)) + ' ';
    }
    line += ".\n";
  });
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

// As many lines of each subject as `counts` says.
Dataset heavy_subjects(const std::vector<int>& counts) {
  DatasetBuilder builder;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string subject = "e:s" + std::to_string(i);
    for (int j = 0; j < counts[i]; ++j) {
      builder.add(Term::iri(subject), Term::iri("e:p"), Term::literal(std::to_string(j)));
    }
  }
  return std::move(builder).build();
}

// Many terms that begin alike, that are the beginning of others, or that hold what is escaped.
TEST(SortedLines, are_in_the_order_of_their_bytes) {
  std::mt19937_64 random(7);
  const auto piece = [&random](std::size_t count) {
    static const std::string kPieces[] = {"a",        "ab", " ", "abcdefgh",
                                          "\xC3\xA9", "/",  "0", std::string(1, '\0')};
    return kPieces[random() % count];
  };
  const auto text = [&](std::size_t count) {
    std::string tail = "http://example.org/";
    for (std::size_t left = random() % 8; left > 0; --left) tail += piece(count);
    return tail;
  };
  DatasetBuilder builder;
  for (int i = 0; i < 30'000; ++i) {
    const std::string subject = text(2);
    const std::string object = text(8);
    const std::string name = text(2);
    const std::string predicate = "http://example.org/p" + std::string(random() % 3, 'q');
    const Term literal = i % 3 == 0   ? Term::literal(object)
                         : i % 3 == 1 ? Term::lang_literal(object, "en")
                                      : Term::literal(object, "http://example.org/type");
    if (i % 2 == 0) {
      builder.add(Term::iri(subject), Term::iri(predicate), literal);
    } else {
      builder.add(Term::blank("b" + std::to_string(random() % 5000)), Term::iri(predicate), literal,
                  Term::iri(name));
      // Many lines that differ in the object or in the graph alone.
      builder.add(Term::iri(name), Term::iri(predicate), Term::iri(subject),
                  Term::blank("b" + std::to_string(random() % 5000)));
    }
  }
  const Dataset dataset = std::move(builder).build();
  const std::string expected = lines_of(dataset);
  for (const unsigned threads : {1U, 2U, 5U}) {
    EXPECT_TRUE(sorted_lines(dataset, writer_of(dataset), threads) == expected) << threads;
  }
}

TEST(SortedLines, are_in_order_where_one_object_is_in_many_graphs) {
  DatasetBuilder builder;
  for (int i = 0; i < 100; ++i) {
    builder.add(Term::iri("e:s"), Term::iri("e:p"), Term::literal("o"),
                Term::iri("e:g" + std::to_string(i * 37 % 100)));
  }
  builder.add(Term::iri("e:s"), Term::iri("e:p"), Term::literal("o"));
  const Dataset dataset = std::move(builder).build();
  EXPECT_EQ(sorted_lines(dataset, writer_of(dataset)), lines_of(dataset));
}

TEST(SortedLines, in_pieces_are_few_at_a_time_also_where_few_subjects_have_many) {
  const Dataset dataset = heavy_subjects({20'000, 20'000, 40'000, 20'000, 10'000, 10'000, 5});
  const std::string expected = lines_of(dataset);
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::string lines;
    std::vector<std::ptrdiff_t> counts;
    for_sorted_lines(dataset, writer_of(dataset), threads, [&](std::string_view piece) {
      lines += piece;
      counts.push_back(std::ranges::count(piece, '\n'));
    });
    EXPECT_TRUE(lines == expected) << threads << " threads";
    EXPECT_EQ(counts, (std::vector<std::ptrdiff_t>{20'000, 20'000, 40'000, 30'000, 10'005}));
  }
}

TEST(SortedLines, in_pieces_end_with_what_the_first_failing_consumer_throws) {
  const Dataset dataset = heavy_subjects({20'000, 20'000, 20'000, 20'000, 20'000});
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::size_t pieces = 0;
    const auto consume = [&pieces](std::string_view) {
      if (++pieces == 3) throw std::bad_alloc();
    };
    EXPECT_THROW(for_sorted_lines(dataset, writer_of(dataset), threads, consume), std::bad_alloc);
    EXPECT_EQ(pieces, 3U) << threads << " threads";
  }
}

}  // namespace
}  // namespace knhk::rdf::detail
