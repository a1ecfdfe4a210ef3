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
  for (std::uint32_t i = 0; i < texts.size(); ++i)
    entries.push_back({.text = texts[i], .number = i});
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
    const auto parts = split_by_text(entries, {largest});
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
  const auto parts = split_by_text(entries, {100});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_LE(parts[i].size(), 100U);
    EXPECT_TRUE(i == 0 || parts[i - 1].size() + parts[i].size() > 100);
  }
  EXPECT_TRUE(split_by_text({}, {100}).empty());
}

TEST(TextOrder, of_parts_gives_what_weighs_too_much_a_part_of_its_own) {
  std::vector<std::string> texts;
  for (char c = 'a'; c <= 'z'; ++c) texts.push_back(std::string("e:") + c);
  std::vector<TextEntry> entries = entries_of(texts);
  entries[3].weight = 100;  // too much
  entries[7].weight = 90;
  std::ranges::reverse(entries);
  std::string sizes;
  for (const auto& part : split_by_text(entries, {.entries = 20, .weight = 95})) {
    sizes += std::to_string(part.size()) + ' ';
  }
  EXPECT_EQ(sizes, "3 1 6 16 ");  // a-c, d, e-j with h among them, k-z
}

// Each the beginning of the one before it, eight bytes longer than the next one.
std::vector<TextEntry> nested_texts(std::string_view longest) {
  std::vector<TextEntry> entries;
  for (std::uint32_t i = 0; !longest.empty(); ++i) {
    entries.push_back({.text = longest, .number = i});
    longest.remove_suffix(std::min<std::size_t>(longest.size(), 8));
  }
  return entries;
}

TEST(TextOrder, does_not_read_texts_again_for_each_that_is_the_beginning_of_all_others) {
  const std::string longest(16'000, 'a');
  std::vector<TextEntry> entries = nested_texts(longest);
  std::size_t size = 0;
  for (const TextEntry& entry : entries) size += entry.text.size();
  EXPECT_LE(sort_by_text(entries), size);
  for (std::size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(entries[i].text.size(), (i + 1) * 8);
}

TEST(TextOrder, reads_what_all_have_in_common_once) {
  std::vector<std::string> texts;
  for (char c = '0'; c <= 'z'; ++c) texts.push_back(std::string(10'000, 'a') + c + "ending");
  std::vector<TextEntry> entries = entries_of(texts);
  const std::size_t bytes_read = sort_by_text(entries);
  EXPECT_GE(bytes_read, texts.size() * 10'000);
  EXPECT_LT(bytes_read, texts.size() * 10'100);
  EXPECT_TRUE(std::ranges::is_sorted(entries, {}, &TextEntry::number));
}

TEST(TextOrder, of_parts_holds_where_each_text_is_the_beginning_of_all_others) {
  const std::string longest(16'000, 'a');
  std::vector<TextEntry> entries = nested_texts(longest);
  const auto parts = split_by_text(entries, {100});
  EXPECT_LE(parts.size(), 2 * entries.size() / 100);
  std::size_t longest_before = 0;
  for (const auto& part : parts) {
    ASSERT_LE(part.size(), 100U);
    std::size_t longest_here = 0;
    for (const TextEntry& entry : part) {
      ASSERT_GT(entry.text.size(), longest_before);
      longest_here = std::max(longest_here, entry.text.size());
    }
    longest_before = longest_here;
  }
  EXPECT_EQ(longest_before, longest.size());
}

}  // namespace
}  // namespace knhk::rdf::detail
