#include "knhk/rdf/canonical.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "knhk/base/parallel.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/rdf/detail/quad_lines.hpp"
#include "knhk/rdf/random_quads.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

// RDFC-1.0 word for word: recursive, with copies, without a shortcut. Only for small datasets.
class ByTheBook {
 public:
  explicit ByTheBook(const Dataset& dataset) : dataset_(dataset) {
    detail::for_each_quad(dataset, [this](const Quad& q) {
      for (const TermId id : {q.subject, q.object, q.graph}) {
        if (is_blank(id) && (quads_[id].empty() || quads_[id].back() != q)) quads_[id].push_back(q);
      }
    });
    std::map<std::string, std::vector<TermId>> by_hash;
    for (const auto& [id, quads] : quads_) by_hash[first_degree(id)].push_back(id);
    for (const auto& [hash, ids] : by_hash) {
      if (ids.size() == 1) issue(canonical_, ids[0]);
    }
    for (const auto& [hash, ids] : by_hash) {
      std::multimap<std::string, Issuer> results;
      for (const TermId id : ids) {
        if (canonical_.contains(id)) continue;
        Issuer issuer;
        issue(issuer, id);
        const std::string result = n_degree(id, issuer);
        results.emplace(result, issuer);
      }
      for (const auto& [result, issuer] : results) {
        std::vector<TermId> order(issuer.size());
        for (const auto& [id, number] : issuer) order[number] = id;
        for (const TermId id : order) issue(canonical_, id);
      }
    }
  }

  [[nodiscard]] std::string nquads() const {
    std::vector<std::string> lines;
    detail::for_each_quad(dataset_, [&](const Quad& q) {
      lines.push_back(
          line(q, [this](TermId id) { return "_:c14n" + std::to_string(canonical_.at(id)); }));
    });
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& l : lines) text += l;
    return text;
  }

 private:
  using Issuer = std::map<TermId, std::size_t>;

  [[nodiscard]] bool is_blank(TermId id) const {
    return id != kNoTerm && dataset_.kind(id) == TermKind::blank;
  }
  static void issue(Issuer& issuer, TermId id) { issuer.emplace(id, issuer.size()); }
  static std::string digest(const std::string& text) { return crypto::sha256(text).hex(); }

  template <class Label>
  std::string line(const Quad& q, const Label& label) const {
    std::string text;
    for (const TermId id : {q.subject, q.predicate, q.object, q.graph}) {
      if (id != kNoTerm) text += (is_blank(id) ? label(id) : to_ntriples(dataset_.term(id))) + ' ';
    }
    return text + ".\n";
  }

  std::string first_degree(TermId node) const {
    std::vector<std::string> lines;
    for (const Quad& q : quads_.at(node)) {
      lines.push_back(line(q, [node](TermId id) { return id == node ? "_:a" : "_:z"; }));
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& l : lines) text += l;
    return digest(text);
  }

  std::string identifier(TermId id, const Issuer& issuer) const {
    if (canonical_.contains(id)) return "_:c14n" + std::to_string(canonical_.at(id));
    return "_:b" + std::to_string(issuer.at(id));
  }

  std::string related(TermId id, const Quad& q, const Issuer& issuer, char position) const {
    std::string input(1, position);
    if (position != 'g') input += '<' + std::string(dataset_.term(q.predicate).text) + '>';
    const bool has_one = canonical_.contains(id) || issuer.contains(id);
    return digest(input + (has_one ? identifier(id, issuer) : first_degree(id)));
  }

  std::string n_degree(TermId node, Issuer& issuer) const {
    std::map<std::string, std::vector<TermId>> groups;
    for (const Quad& q : quads_.at(node)) {
      const std::pair<char, TermId> parts[] = {{'s', q.subject}, {'o', q.object}, {'g', q.graph}};
      for (const auto& [position, id] : parts) {
        if (is_blank(id) && id != node) groups[related(id, q, issuer, position)].push_back(id);
      }
    }
    std::string data;
    for (auto& [hash, ids] : groups) {
      std::string chosen;
      Issuer chosen_issuer;
      std::sort(ids.begin(), ids.end());
      do {
        Issuer copy = issuer;
        const std::string path = try_permutation(ids, copy);
        if (chosen.empty() || path < chosen) {
          chosen = path;
          chosen_issuer = copy;
        }
      } while (std::next_permutation(ids.begin(), ids.end()));
      data += hash + chosen;
      issuer = chosen_issuer;
    }
    return digest(data);
  }

  std::string try_permutation(const std::vector<TermId>& ids, Issuer& issuer) const {
    std::string path;
    std::vector<TermId> recursion;
    for (const TermId id : ids) {
      if (!canonical_.contains(id) && !issuer.contains(id)) {
        recursion.push_back(id);
        issue(issuer, id);
      }
      path += identifier(id, issuer);
    }
    for (const TermId id : recursion) {
      const std::string result = n_degree(id, issuer);
      path += identifier(id, issuer) + '<' + result + '>';
    }
    return path;
  }

  const Dataset& dataset_;
  std::map<TermId, std::vector<Quad>> quads_;
  Issuer canonical_;
};

std::string canonical_text(const Dataset& dataset) {
  const auto canonical = canonicalize(dataset);
  EXPECT_TRUE(canonical) << to_string(canonical.error());
  return canonical ? canonical->nquads : "";
}

Dataset parse(const std::string& nquads) {
  auto dataset = read_dataset(nquads, "test.nq");
  EXPECT_TRUE(dataset) << to_string(dataset.error());
  return dataset ? std::move(*dataset) : Dataset();
}

TEST(Canonicalize, does_what_the_specification_says_word_for_word) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Dataset dataset = RandomQuads(seed).dataset();
    ASSERT_EQ(canonical_text(dataset), ByTheBook(dataset).nquads());
  }
}

TEST(Canonicalize, does_the_same_with_copies_of_symmetric_graphs) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomQuads quads = RandomQuads::symmetric(seed);
    const std::string text = canonical_text(quads.dataset());
    ASSERT_EQ(text, ByTheBook(quads.dataset()).nquads());
    ASSERT_EQ(text, canonical_text(quads.disguised().dataset()));
  }
}

TEST(Canonicalize, gives_disguised_copies_one_form) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomQuads quads(seed);
    ASSERT_EQ(canonical_text(quads.dataset()), canonical_text(quads.disguised().dataset()));
  }
}

// How many canonical forms there are of the quads in many orders: one, when all is well.
std::size_t count_forms(std::vector<std::string> quads) {
  std::mt19937_64 random(1);
  std::set<std::string> forms;
  for (int i = 0; i < 100; ++i) {
    std::shuffle(quads.begin(), quads.end(), random);
    std::string text;
    for (const std::string& quad : quads) text += quad + " .\n";
    forms.insert(canonical_text(parse(text)));
  }
  return forms.size();
}

// The specification hashes too little of a quad whose graph name is blank, and gives _:c and _:d
// equal hashes though neither can take the place of the other.
TEST(Canonicalize, gives_one_form_where_different_nodes_have_equal_hashes) {
  EXPECT_EQ(count_forms({"<e:b> <e:q> _:a", "_:c <e:q> _:b _:d", "_:d <e:q> _:a _:c"}), 1U)
      << "the place of the hashed node is left out";
  const std::vector<std::string> pair = {"<e:a> <e:q> _:a",     "<e:b> <e:q> _:b",
                                         "_:c <e:p> <e:x> _:a", "_:c <e:p> <e:y> _:b",
                                         "_:d <e:p> <e:y> _:a", "_:d <e:p> <e:x> _:b"};
  EXPECT_EQ(count_forms(pair), 1U) << "the object beside the graph name is left out";
  // From a hub leaves are ordered at once; which predicates make hashing start there is chance.
  for (const std::string link : {" <e:q> ", " <e:r> ", " <e:s> ", " <e:t> "}) {
    std::vector<std::string> hubs = pair;
    for (const char* quad : {"_:e <e:p> <e:x> _:a", "_:e <e:p> <e:y> _:b", "_:f <e:p> <e:y> _:a",
                             "_:f <e:p> <e:x> _:b"}) {
      hubs.emplace_back(quad);
    }
    for (const auto& [hub, leaf] : {std::pair("_:h", "_:c"), std::pair("_:h", "_:d"),
                                    std::pair("_:i", "_:e"), std::pair("_:i", "_:f")}) {
      hubs.push_back(hub + link + leaf);
    }
    EXPECT_EQ(count_forms(hubs), 1U) << "the same in leaves of hubs, by" << link;
  }
}

TEST(Canonicalize, leaves_its_own_result_as_it_is) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string once = canonical_text(RandomQuads(seed).dataset());
    ASSERT_EQ(canonical_text(parse(once)), once);
  }
}

TEST(Canonicalize, labels_only_blank_nodes_that_are_in_quads) {
  DatasetBuilder builder;
  const TermId unused = builder.intern(Term::blank("unused"));
  builder.add(Term::blank("used"), Term::iri("http://example.org/p"), Term::literal("x"));
  const Dataset dataset = std::move(builder).build();
  const auto canonical = canonicalize(dataset);
  ASSERT_TRUE(canonical);
  ASSERT_EQ(canonical->labels.size(), dataset.term_count());
  EXPECT_EQ(canonical->labels[index_of(unused)], "");
  EXPECT_EQ(canonical->labels[index_of(dataset.find(Term::blank("used")))], "c14n0");
}

TEST(Canonicalize, of_nothing_is_the_empty_text) {
  EXPECT_EQ(canonical_text(Dataset()), "");
  const auto id = snapshot_id(Dataset());
  ASSERT_TRUE(id);
  EXPECT_EQ(id->hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

std::string ring(int count, const std::string& label) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "_:" + label + std::to_string(i) + " <http://example.org/next> _:" + label +
            std::to_string((i + 1) % count) + " .\n";
  }
  return text;
}

TEST(Canonicalize, tells_two_rings_from_one_of_the_same_length_together) {
  EXPECT_NE(canonical_text(parse(ring(3, "a") + ring(3, "b"))),
            canonical_text(parse(ring(6, "a"))));
}

// Each node has a twin in the other chain, so hashing starts twice and goes through a whole chain.
TEST(Canonicalize, solves_a_chain_far_longer_than_a_thread_stack_could_recurse) {
  constexpr int kLength = 30'000;
  std::string text;
  for (const std::string chain : {"a", "b"}) {
    for (int i = 0; i < kLength; ++i) {
      const std::string node = "_:" + chain + std::to_string(i);
      text += node + " <http://example.org/place> \"" + std::to_string(i) + "\" .\n";
      text += node + " <http://example.org/next> _:" + chain + std::to_string(i + 1) + " .\n";
    }
  }
  EXPECT_FALSE(canonical_text(parse(text)).empty());
}

std::string chain(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "_:n" + std::to_string(i) + " <http://example.org/next> _:n" + std::to_string(i + 1) +
            " .\n";
  }
  return text;
}

std::string clique(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < count; ++j) {
      text +=
          "_:n" + std::to_string(i) + " <http://example.org/p> _:n" + std::to_string(j) + " .\n";
    }
  }
  return text;
}

// All nodes of a ring are alike, and one search goes around it, 20,000 frames deep.
TEST(Canonicalize, searches_a_ring_from_one_node_only) {
  CanonicalizeOptions options;
  options.work_limit = 200'000;
  const auto canonical = canonicalize(parse(ring(20'000, "n")), options);
  ASSERT_TRUE(canonical) << to_string(canonical.error());
  EXPECT_LT(canonical->work, 200'000U);
}

// No two nodes of a chain are alike, though most have equal quads of their own.
TEST(Canonicalize, refuses_a_chain_that_takes_more_than_the_work_limit) {
  CanonicalizeOptions options;
  options.work_limit = 200'000;
  const auto canonical = canonicalize(parse(chain(2'000)), options);
  ASSERT_FALSE(canonical);
  EXPECT_EQ(canonical.error().code, Errc::work_limit);
}

TEST(Canonicalize, keeps_to_the_byte_limit_it_is_given) {
  for (const std::string& text : {ring(1'000, "n"), chain(1'000), clique(8)}) {
    const Dataset dataset = parse(text);
    CanonicalizeOptions options;
    options.byte_limit = 2U << 20U;
    EXPECT_TRUE(canonicalize(dataset, options));
    options.byte_limit = 2'000;
    const auto canonical = canonicalize(dataset, options);
    ASSERT_FALSE(canonical);
    EXPECT_EQ(canonical.error().code, Errc::limit_exceeded);
  }
}

TEST(Canonicalize, gives_one_result_for_any_number_of_threads) {
  const Dataset dataset = parse(chain(200) + ring(300, "a") + ring(300, "b"));
  CanonicalizeOptions options;
  options.threads = 1;
  const auto expected = canonicalize(dataset, options);
  ASSERT_TRUE(expected);
  for (const unsigned threads : {2U, 3U, 8U}) {
    options.threads = threads;
    const auto canonical = canonicalize(dataset, options);
    ASSERT_TRUE(canonical);
    EXPECT_EQ(canonical->nquads, expected->nquads);
    EXPECT_EQ(canonical->labels, expected->labels);
    EXPECT_EQ(canonical->work, expected->work);
  }
}

TEST(Canonicalize, solves_a_hub_of_many_equal_leaves) {
  std::string text;
  for (int hub = 0; hub < 2; ++hub) {
    for (int i = 0; i < 40; ++i) {
      text += "_:h" + std::to_string(hub) + " <http://example.org/p> _:l" + std::to_string(hub) +
              "x" + std::to_string(i) + " .\n";
    }
  }
  EXPECT_FALSE(canonical_text(parse(text)).empty());
}

TEST(Canonicalize, refuses_poison_with_work_limit) {
  const auto canonical = canonicalize(parse(clique(10)));
  ASSERT_FALSE(canonical);
  EXPECT_EQ(canonical.error().code, Errc::work_limit);
}

TEST(Canonicalize, keeps_to_the_work_limit_it_is_given) {
  const Dataset dataset = parse(clique(4));
  CanonicalizeOptions options;
  options.work_limit = 10;
  ASSERT_FALSE(canonicalize(dataset, options));
  options.work_limit = 1'000'000;
  const auto canonical = canonicalize(dataset, options);
  ASSERT_TRUE(canonical);
  EXPECT_GT(canonical->work, 10U);
}

TEST(Canonicalize, runs_on_one_dataset_in_several_threads_at_once) {
  const Dataset dataset = parse(ring(12, "a") + ring(12, "b"));
  std::vector<std::string> texts(4);
  parallel_chunks(texts.size(), 1, 4, [&](std::size_t i, std::size_t) {
    if (auto canonical = canonicalize(dataset)) texts[i] = std::move(canonical->nquads);
  });
  for (const std::string& text : texts) EXPECT_EQ(text, canonical_text(dataset));
}

TEST(SnapshotId, is_the_hash_of_the_canonical_text) {
  const Dataset dataset = parse("_:x <http://example.org/p> \"A\"@EN .\n");
  const auto id = snapshot_id(dataset);
  ASSERT_TRUE(id);
  const std::string text = "_:c14n0 <http://example.org/p> \"A\"@EN .\n";
  EXPECT_EQ(canonical_text(dataset), text);
  EXPECT_EQ(id->bytes, crypto::sha256(text).bytes);
}

// Far more subjects than a piece has.
Dataset many_subjects() {
  DatasetBuilder builder;
  for (int i = 0; i < 20'000; ++i) {
    const std::string number = std::to_string(i);
    builder.add(i % 3 == 0 ? Term::blank("b" + number) : Term::iri("e:s" + number),
                Term::iri("e:p"), Term::literal(number), Term::iri("e:g"));
  }
  return std::move(builder).build();
}

TEST(SnapshotId, is_the_same_when_the_text_is_hashed_in_pieces_by_any_number_of_threads) {
  const Dataset many = many_subjects();
  const std::string text = canonical_text(many);
  for (const unsigned threads : {1U, 2U, 7U}) {
    CanonicalizeOptions options;
    options.threads = threads;
    const auto id = snapshot_id(many, options);
    ASSERT_TRUE(id);
    EXPECT_EQ(*id, snapshot_id_of(text)) << threads << " threads";
  }
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Dataset dataset = RandomQuads(seed).dataset();
    ASSERT_EQ(*snapshot_id(dataset), snapshot_id_of(canonical_text(dataset))) << "seed " << seed;
  }
}

}  // namespace
}  // namespace knhk::rdf
