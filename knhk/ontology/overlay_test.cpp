#include "knhk/ontology/overlay.hpp"

#include <gtest/gtest.h>

#include <random>

#include "knhk/ontology/snapshot.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::ontology {
namespace {

std::string canonical(std::string_view turtle) {
  const auto dataset = rdf::read_dataset(turtle, "test.ttl");
  EXPECT_TRUE(dataset);
  if (!dataset) return {};
  auto made = CanonicalDataset::of(*dataset);
  EXPECT_TRUE(made);
  return made ? made->nquads : std::string();
}

TEST(Overlay, leads_from_the_parent_to_the_child) {
  const std::string before = canonical("<http://e/a> <http://e/p> 1, 2, [ <http://e/q> 3 ] .");
  const std::string after = canonical("<http://e/a> <http://e/p> 2, 4, [ <http://e/q> 5 ] .");
  const Overlay overlay = Overlay::between(before, after);
  EXPECT_EQ(overlay.removed().size(), 2U);
  EXPECT_EQ(overlay.added().size(), 2U);
  const auto applied = overlay.apply(before);
  ASSERT_TRUE(applied) << to_string(applied.error());
  EXPECT_EQ(*applied, after);
}

TEST(Overlay, is_read_back_as_it_was_written) {
  const std::string before = canonical("<http://e/a> <http://e/p> \"- not a removal\" .");
  const std::string after = canonical("<http://e/a> <http://e/p> \"+ line\\nbreak\" .");
  const Overlay overlay = Overlay::between(before, after);
  const auto again = Overlay::parse(overlay.to_text());
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->to_text(), overlay.to_text());
  const auto applied = again->apply(before);
  ASSERT_TRUE(applied);
  EXPECT_EQ(*applied, after);
  EXPECT_TRUE(overlay.to_text().starts_with("knhk-overlay 1 sha256:"));
}

TEST(Overlay, works_from_and_to_nothing_and_between_random_sets) {
  std::mt19937 random(42);
  std::vector<std::string> texts{""};
  for (int i = 0; i < 8; ++i) {
    std::string turtle;
    for (int j = 0; j < 30; ++j) {
      turtle += "<http://e/" + std::to_string(random() % 5) + "> <http://e/p> " +
                std::to_string(random() % 9) + " .\n";
    }
    texts.push_back(canonical(turtle));
  }
  for (const std::string& before : texts) {
    for (const std::string& after : texts) {
      const auto applied = Overlay::between(before, after).apply(before);
      ASSERT_TRUE(applied) << "seed 42";
      EXPECT_EQ(*applied, after);
    }
  }
}

TEST(Overlay, refuses_another_parent_and_another_outcome) {
  const std::string before = canonical("<http://e/a> <http://e/p> 1 .");
  const std::string after = canonical("<http://e/a> <http://e/p> 2 .");
  const Overlay overlay = Overlay::between(before, after);
  EXPECT_EQ(overlay.apply(after).error().code, Errc::digest_mismatch);
  std::string text = overlay.to_text();
  text.replace(text.find("\"2\""), 3, "\"3\"");
  const auto forged = Overlay::parse(text);
  ASSERT_TRUE(forged);
  EXPECT_EQ(forged->apply(before).error().code, Errc::digest_mismatch);
}

TEST(Overlay, that_is_malformed_is_refused_with_its_line) {
  const std::string head =
      "knhk-overlay 1 " + SnapshotId{}.to_string() + " " + SnapshotId{}.to_string() + "\n";
  for (const auto& [text, where] : {std::pair<std::string, std::string>{"", "overlay:1"},
                                    {"knhk-overlay 2 a b\n", "overlay:1"},
                                    {"knhk-overlay 1 sha256:00 sha256:00\n", "overlay:1"},
                                    {head + "* x\n", "overlay:2"},
                                    {head + "+ x\n- y\n", "overlay:3"},
                                    {head + "+ b\n+ a\n", "overlay:3"},
                                    {head + "+ a\n+ a\n", "overlay:3"}}) {
    const auto overlay = Overlay::parse(text);
    ASSERT_FALSE(overlay) << text;
    EXPECT_EQ(overlay.error().code, Errc::syntax_error);
    EXPECT_EQ(overlay.error().where, where);
  }
}

}  // namespace
}  // namespace knhk::ontology
