#include "knhk/projections/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <set>

#include "knhk/crypto/hash.hpp"
#include "knhk/projections/index_format.hpp"
#include "knhk/projections/index_writer.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::projections {
namespace {

using Texts = std::array<std::string, 3>;
using Statements = std::set<Texts>;

SnapshotId some_id(std::uint8_t first = 7) {
  SnapshotId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(first + i);
  }
  return id;
}

/// A dataset together with its statements as text, the oracle of the tests below.
struct Sample {
  rdf::Dataset dataset;
  std::map<std::string, Statements> graphs;  // "" is the default graph
  std::vector<std::string> terms;
};

Sample random_sample(std::uint32_t seed, std::size_t statement_count) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return random() % n; };
  std::vector<rdf::OwnedTerm> pool;
  for (std::size_t i = 0; i < 12; ++i) {
    const std::string n = std::to_string(i);
    pool.emplace_back(rdf::Term::iri("http://example.org/" + n));
    pool.emplace_back(rdf::Term::blank("c14n" + n));
    pool.emplace_back(rdf::Term::literal("line\n\"" + n + "\"\\"));
    pool.emplace_back(rdf::Term::literal(n, "http://www.w3.org/2001/XMLSchema#integer"));
    pool.emplace_back(
        rdf::Term::lang_literal("gr\xC3\xB6\xC3\x9F"
                                "e " +
                                    n,
                                "de"));
  }
  Sample sample;
  rdf::DatasetBuilder builder;
  for (const rdf::OwnedTerm& term : pool) sample.terms.push_back(rdf::to_ntriples(term.view()));
  sample.graphs[""];
  for (std::size_t i = 0; i < statement_count; ++i) {
    const rdf::Term s = pool[below(12) * 5 + below(2)].view();
    const rdf::Term p = pool[below(6) * 5].view();
    const rdf::Term o = pool[below(pool.size())].view();
    const std::size_t where = below(4);
    const Texts texts = {rdf::to_ntriples(s), rdf::to_ntriples(p), rdf::to_ntriples(o)};
    if (where < 2) {
      builder.add(s, p, o);
      sample.graphs[""].insert(texts);
    } else {
      const rdf::Term g = pool[where * 5].view();
      builder.add(s, p, o, g);
      sample.graphs[rdf::to_ntriples(g)].insert(texts);
    }
  }
  sample.dataset = std::move(builder).build();
  return sample;
}

std::string image_of(const rdf::Dataset& dataset, unsigned threads = 1) {
  auto image = build_index(dataset, some_id(), threads);
  EXPECT_TRUE(image.has_value());
  return image ? *image : std::string();
}

/// Makes the checksum right again, as someone who damages an image on purpose would.
void seal(std::string& image) {
  if (image.size() < index_format::kTrailerBytes) return;
  const std::size_t end = image.size() - index_format::kTrailerBytes;
  const Digest digest = crypto::sha256(std::string_view(image).substr(0, end));
  std::memcpy(image.data() + end, digest.bytes.data(), digest.bytes.size());
}

/// Asks for everything that can be asked for, so that a sanitizer sees every read.
std::uint64_t exercise(const Index& index) {
  std::uint64_t seen = 0;
  const auto all = index.matches({});
  for (const Match& match : all.answer) {
    const Pattern whole{match.subject, match.predicate, match.object};
    seen += index.ask(whole).probes + index.count({.predicate = match.predicate}).answer;
    for (const auto text : index.objects({.subject = match.subject}).answer) seen += text.size();
    for (const auto text : index.subjects({.object = match.object}).answer) seen += text.size();
  }
  for (const auto name : index.graph_names()) seen += index.count({.graph = name}).answer;
  return seen;
}

TEST(Index, answers_every_pattern_as_the_statements_do) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Sample sample = random_sample(seed, 20 * seed);
    const auto index = Index::open(image_of(sample.dataset));
    ASSERT_TRUE(index) << to_string(index.error());
    std::mt19937 random(seed);
    const auto pick = [&]() -> std::optional<std::string_view> {
      if (random() % 2 == 0) return std::nullopt;
      return sample.terms[random() % sample.terms.size()];
    };
    for (const auto& [graph, statements] : sample.graphs) {
      for (int i = 0; i < 300; ++i) {
        Pattern pattern{pick(), pick(), pick()};
        if (random() % 3 == 0 && !statements.empty()) {  // one that matches something
          const auto& known = *std::next(statements.begin(),
                                         static_cast<std::ptrdiff_t>(random() % statements.size()));
          if (pattern.subject) pattern.subject = known[0];
          if (pattern.predicate) pattern.predicate = known[1];
          if (pattern.object) pattern.object = known[2];
        }
        if (!graph.empty()) pattern.graph = graph;
        Statements expected;
        std::set<std::string> objects, subjects;
        for (const Texts& texts : statements) {
          if (pattern.subject && *pattern.subject != texts[0]) continue;
          if (pattern.predicate && *pattern.predicate != texts[1]) continue;
          if (pattern.object && *pattern.object != texts[2]) continue;
          expected.insert(texts);
          subjects.insert(texts[0]);
          objects.insert(texts[2]);
        }
        EXPECT_EQ(index->ask(pattern).answer, !expected.empty());
        EXPECT_EQ(index->count(pattern).answer, expected.size());
        const auto found_objects = index->objects(pattern).answer;
        EXPECT_TRUE(std::ranges::equal(found_objects, objects));
        const auto found_subjects = index->subjects(pattern).answer;
        EXPECT_TRUE(std::ranges::equal(found_subjects, subjects));
        Statements found;
        for (const Match& match : index->matches(pattern).answer) {
          found.insert({std::string(match.subject), std::string(match.predicate),
                        std::string(match.object)});
        }
        EXPECT_EQ(found, expected);
      }
    }
  }
}

TEST(Index, finds_nothing_for_terms_and_graphs_it_does_not_know) {
  const Sample sample = random_sample(3, 50);
  const auto index = Index::open(image_of(sample.dataset));
  ASSERT_TRUE(index);
  for (const std::string_view unknown : {"", "<http://example.org/none>", "\xFF\xFF", " "}) {
    EXPECT_FALSE(index->ask({.subject = unknown}).answer);
    EXPECT_EQ(index->count({.object = unknown}).answer, 0U);
    EXPECT_TRUE(index->objects({.graph = unknown}).answer.empty());
  }
}

TEST(Index, of_nothing_opens_and_is_empty) {
  const auto index = Index::open(image_of(rdf::Dataset()));
  ASSERT_TRUE(index) << to_string(index.error());
  EXPECT_EQ(index->triple_count(), 0U);
  EXPECT_FALSE(index->ask({}).answer);
  EXPECT_EQ(index->snapshot_id(), some_id());
}

TEST(Index, needs_no_more_probes_than_binary_search_does) {
  const Sample sample = random_sample(5, 4000);
  const auto index = Index::open(image_of(sample.dataset));
  ASSERT_TRUE(index);
  const std::uint64_t bound =
      3 * std::bit_width(index->term_count()) + 2 * std::bit_width(index->triple_count());
  for (const Match& match : index->matches({}).answer) {
    const auto asked = index->ask({match.subject, match.predicate, match.object});
    EXPECT_LE(asked.probes, bound);
    EXPECT_GT(asked.probes, 0U);
  }
}

TEST(Index, is_the_same_bytes_however_the_dataset_was_made) {
  const Sample sample = random_sample(9, 200);
  const std::string image = image_of(sample.dataset, 1);
  std::vector<std::tuple<rdf::Term, rdf::Term, rdf::Term, std::optional<rdf::Term>>> quads;
  const auto collect = [&](rdf::TermId name) {
    for (const rdf::Triple& t : sample.dataset.graph(name).triples()) {
      quads.emplace_back(
          sample.dataset.term(t.subject), sample.dataset.term(t.predicate),
          sample.dataset.term(t.object),
          name == rdf::kNoTerm ? std::nullopt : std::optional(sample.dataset.term(name)));
    }
  };
  collect(rdf::kNoTerm);
  for (const rdf::TermId name : sample.dataset.graph_names()) collect(name);
  std::mt19937 random(9);
  for (unsigned threads = 1; threads <= 8; threads *= 2) {
    std::ranges::shuffle(quads, random);
    rdf::DatasetBuilder builder;
    EXPECT_NE(builder.intern(rdf::Term::iri("http://example.org/unused")), rdf::kNoTerm);
    for (const auto& [s, p, o, g] : quads) {
      if (g) {
        builder.add(s, p, o, *g);
      } else {
        builder.add(s, p, o);
      }
    }
    EXPECT_TRUE(image_of(std::move(builder).build(), threads) == image);
  }
}

// The digest was computed by a writer of the format in another language as well.
TEST(Index, has_the_bytes_of_version_1) {
  rdf::DatasetBuilder builder;
  builder.add(rdf::Term::iri("http://example.org/a"), rdf::Term::iri("http://example.org/p"),
              rdf::Term::lang_literal("b", "en"));
  builder.add(rdf::Term::blank("c14n0"), rdf::Term::iri("http://example.org/p"),
              rdf::Term::literal("1"), rdf::Term::iri("http://example.org/g"));
  const std::string image = image_of(std::move(builder).build());
  EXPECT_EQ(image.substr(0, 32), std::string("KNHKIDX\n\1\0\0\0\4\3\2\1H\2\0\0\0\0\0\0\6\0\0\0"
                                             "\0\0\0\0",
                                             32));
  EXPECT_EQ(crypto::sha256(image).hex(),
            "79a8b9a65cee0ab9c9e532b27bed6ff6c5e8b8b9f10938a8dacab21f349ff22b");
}

TEST(Index, works_at_any_address) {
  const Sample sample = random_sample(11, 100);
  const std::string image = image_of(sample.dataset);
  const auto first = Index::open(image, nullptr);
  ASSERT_TRUE(first);
  for (std::size_t shift = 1; shift < 9; ++shift) {
    std::string moved(shift, '?');
    moved += image;
    const auto index = Index::open(std::string_view(moved).substr(shift), nullptr);
    ASSERT_TRUE(index) << shift;
    EXPECT_EQ(exercise(*index), exercise(*first));
  }
}

TEST(Index, keeps_its_image_alive) {
  std::optional<Index> copy;
  {
    auto index = Index::open(image_of(random_sample(2, 30).dataset));
    ASSERT_TRUE(index);
    copy = *index;
  }
  EXPECT_GT(exercise(*copy), 0U);
}

TEST(Index, of_another_version_or_byte_order_is_refused_as_such) {
  std::string image = image_of(random_sample(1, 5).dataset);
  image[index_format::kVersionAt] = 2;
  EXPECT_EQ(Index::open(image).error().code, Errc::index_version);
  seal(image);
  EXPECT_EQ(Index::open(image).error().code, Errc::index_version);
  image[index_format::kVersionAt] = 1;
  std::reverse(image.begin() + index_format::kMarkAt, image.begin() + index_format::kMarkAt + 4);
  EXPECT_EQ(Index::open(image).error().code, Errc::index_version);
}

TEST(Index, with_any_changed_byte_is_refused) {
  const std::string image = image_of(random_sample(4, 12).dataset);
  for (std::size_t i = 0; i < image.size(); ++i) {
    std::string changed = image;
    changed[i] = static_cast<char>(changed[i] ^ 0x41);
    const auto index = Index::open(changed);
    ASSERT_FALSE(index) << i;
    EXPECT_TRUE(index.error().code == Errc::index_damaged ||
                index.error().code == Errc::index_version);
  }
}

TEST(Index, cut_short_anywhere_is_refused) {
  const std::string image = image_of(random_sample(4, 12).dataset);
  for (std::size_t size = 0; size < image.size(); ++size) {
    std::string cut = image.substr(0, size);
    EXPECT_FALSE(Index::open(cut)) << size;
    seal(cut);
    EXPECT_FALSE(Index::open(cut)) << size;
  }
  EXPECT_EQ(Index::open(image + "12345678").error().code, Errc::index_damaged);
}

TEST(Index, never_reads_outside_of_an_image_made_to_deceive) {
  const std::string image = image_of(random_sample(6, 12).dataset);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i + index_format::kTrailerBytes < image.size(); ++i) {
    for (const char value : {'\0', '\1', '\x7F', '\x80', '\xFF'}) {
      std::string changed = image;
      changed[i] = value;
      seal(changed);
      const auto index = Index::open(changed);
      if (!index) continue;
      ++accepted;
      EXPECT_GE(exercise(*index), 0U);
    }
  }
  EXPECT_GT(accepted, 0U);  // letters within terms, for example
}

TEST(Index, survives_many_changes_at_once) {
  const std::string image = image_of(random_sample(8, 40).dataset);
  std::mt19937 random(8);
  for (int round = 0; round < 4000; ++round) {
    std::string changed = image;
    const std::size_t head = round % 2 == 0 ? 64 + 6 * 32 : changed.size();
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
      changed[16 + random() % (head - 16)] = static_cast<char>(random());
    }
    seal(changed);
    const auto index = Index::open(changed);
    if (index) {
      EXPECT_GE(exercise(*index), 0U);
    }
  }
}

TEST(Index, ignores_sections_it_does_not_know) {
  const std::string image = image_of(random_sample(6, 12).dataset);
  constexpr std::size_t kEntry = index_format::kTableEntryBytes;
  std::string grown = image;
  const std::size_t table_end = index_format::kTableAt + 6 * kEntry;
  grown.insert(table_end, kEntry, '\0');
  const auto put = [&](std::size_t at, std::uint64_t value, std::size_t bytes) {
    std::memcpy(grown.data() + at, &value, bytes);
  };
  for (std::size_t i = 0; i < 6; ++i) {
    std::uint64_t offset = 0;
    std::memcpy(&offset, image.data() + index_format::kTableAt + i * kEntry + 8, 8);
    put(index_format::kTableAt + i * kEntry + 8, offset + kEntry, 8);
  }
  put(table_end, 99, 4);
  put(table_end + 4, 1, 4);
  put(table_end + 8, table_end, 8);
  put(index_format::kSectionCountAt, 7, 4);
  put(index_format::kSizeAt, grown.size(), 8);
  seal(grown);
  const auto index = Index::open(grown);
  ASSERT_TRUE(index) << to_string(index.error());
  EXPECT_EQ(exercise(*index), exercise(*Index::open(image)));
}

TEST(Index, carries_its_id_in_its_first_and_last_bytes) {
  std::string image = image_of(random_sample(1, 5).dataset);
  EXPECT_TRUE(index_carries(image, some_id()));
  EXPECT_FALSE(index_carries(image, some_id(8)));
  image.back() = static_cast<char>(image.back() ^ 1);
  EXPECT_FALSE(index_carries(image, some_id()));
  EXPECT_FALSE(index_carries("", some_id()));
}

}  // namespace
}  // namespace knhk::projections
