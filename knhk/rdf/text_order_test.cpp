#include "knhk/rdf/detail/text_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace knhk::rdf::detail {
namespace {

// Many that begin alike, are the beginning of others, go on with NUL or come again.
std::vector<std::string> some_texts(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::string pieces[] = {
      "a", "b", "abcdefgh", "\xC3\xA9", std::string(1, '\0'), std::string(9, '\0')};
  std::vector<std::string> texts(count);
  for (std::string& text : texts) {
    if (random() % 2 == 0) text = "http://example.org/";
    const std::size_t kinds = 2 + random() % 5;
    for (std::size_t left = random() % 9; left > 0; --left) text += pieces[random() % kinds];
  }
  return texts;
}

std::vector<TextEntry> entries_of(const std::vector<std::string>& texts) {
  std::vector<TextEntry> entries;
  entries.reserve(texts.size());
  for (std::uint32_t i = 0; i < texts.size(); ++i) entries.push_back({texts[i], i});
  return entries;
}

TEST(TextOrder, is_that_of_the_bytes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<std::string> texts = some_texts(1 + seed * 200, seed);
    std::vector<std::string_view> expected(texts.begin(), texts.end());
    std::sort(expected.begin(), expected.end());
    std::vector<TextEntry> entries = entries_of(texts);
    sort_by_text(entries);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      ASSERT_EQ(entries[i].text, expected[i]) << i;
      ASSERT_EQ(entries[i].text.data(), texts[entries[i].number].data());
    }
  }
}

TEST(TextOrder, of_parts_is_that_of_all_they_hold) {
  const auto is_below = [](const TextEntry& a, const TextEntry& b) { return a.text < b.text; };
  for (const std::size_t largest : {std::size_t{1}, std::size_t{17}, std::size_t{900}}) {
    SCOPED_TRACE(largest);
    const std::vector<std::string> texts = some_texts(3000, largest);
    std::vector<TextEntry> entries = entries_of(texts);
    const auto parts = split_by_text(entries, largest);
    const TextEntry* end = entries.data();
    std::string_view greatest_before;
    for (const auto& part : parts) {
      ASSERT_EQ(part.data(), end);
      ASSERT_FALSE(part.empty());
      end += part.size();
      const auto [least, greatest] = std::minmax_element(part.begin(), part.end(), is_below);
      ASSERT_TRUE(part.data() == entries.data() || greatest_before < least->text);
      greatest_before = greatest->text;
    }
    ASSERT_EQ(end, entries.data() + entries.size());
    EXPECT_GT(parts.size(), 3000 / 2 / std::max<std::size_t>(largest, 10));
  }
}

TEST(TextOrder, takes_as_many_in_a_part_as_it_may) {
  std::vector<std::string> texts;
  texts.reserve(1000);
  for (int i = 0; i < 1000; ++i) texts.push_back("e:" + std::to_string(i * i));
  std::vector<TextEntry> entries = entries_of(texts);
  const auto parts = split_by_text(entries, 100);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_LE(parts[i].size(), 100U);
    EXPECT_TRUE(i == 0 || parts[i - 1].size() + parts[i].size() > 100);
  }
  EXPECT_TRUE(split_by_text({}, 100).empty());
}

}  // namespace
}  // namespace knhk::rdf::detail
