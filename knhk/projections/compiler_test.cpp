#include "knhk/projections/compiler.hpp"

#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdio>
#include <iostream>
#include <locale>

#include "knhk/crypto/hash.hpp"
#include "knhk/projections/index.hpp"
#include "knhk/projections/test_input.hpp"

namespace knhk::projections {
namespace {

/// All artifacts of the shop in one text of digests.
std::string digests(unsigned thread_count) {
  const auto data = testing::canonicalized(testing::kShop);
  const auto shapes = testing::canonicalized(testing::kShopShapes);
  const auto compiled =
      ProjectionCompiler(thread_count).compile({data.id, data.dataset, shapes.id, &shapes.dataset});
  if (!compiled) return to_string(compiled.error());
  std::string text;
  for (const Projection& projection : compiled->all()) {
    text += projection.file_name + ' ' + projection.digest.hex() + '\n';
  }
  return text;
}

/// Groups digits and swaps the decimal point, so that whoever asks a locale is found out.
struct OddNumbers : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\1"; }
};

TEST(ProjectionCompiler, makes_index_docs_and_models) {
  const auto data = testing::canonicalized(testing::kShop);
  const auto compiled = ProjectionCompiler().compile({data.id, data.dataset});
  ASSERT_TRUE(compiled);
  ASSERT_EQ(compiled->all().size(), 3U);
  for (const std::string_view name : {"index", "docs", "models"}) {
    const Projection* const projection = compiled->find(name);
    ASSERT_NE(projection, nullptr) << name;
    EXPECT_EQ(projection->digest, crypto::sha256(projection->bytes));
    EXPECT_EQ(projection->media_type, "application/vnd.knhk." + std::string(name) + ".v1");
  }
  EXPECT_EQ(compiled->find("openapi"), nullptr);
  const auto index = Index::open(compiled->find("index")->bytes);
  ASSERT_TRUE(index);
  EXPECT_EQ(index->snapshot_id(), data.id);
  EXPECT_EQ(index->triple_count(), data.dataset.size());
}

TEST(ProjectionCompiler, makes_the_same_bytes_with_any_number_of_threads) {
  const std::string expected = digests(1);
  EXPECT_EQ(expected.size(), 3 * 65 + std::string("index.bin docs.md models.hpp ").size());
  for (const unsigned threads : {2U, 3U, 8U, 0U}) EXPECT_EQ(digests(threads), expected);
}

TEST(ProjectionCompiler, makes_the_same_bytes_in_any_locale) {
  const std::string expected = digests(2);
  const std::locale before =
      std::locale::global(std::locale(std::locale::classic(), new OddNumbers));
  EXPECT_EQ(digests(2), expected);
  std::locale::global(before);
  for (const char* name : {"de_DE.UTF-8", "tr_TR.UTF-8", "C.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;  // not installed here
    EXPECT_EQ(digests(2), expected) << name;
  }
  std::setlocale(LC_ALL, "C");
}

TEST(ProjectionCompilerChild, prints_digests) {
  const std::string text = digests(2);
  std::cout << text;
  EXPECT_FALSE(text.empty());
}

TEST(ProjectionCompiler, makes_the_same_bytes_in_another_process) {
  const std::string expected = digests(1);
  for (const std::string variables :
       {"LC_ALL=C TZ=UTC", "LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo HOME=/"}) {
    const std::string command =
        variables + " /proc/" + std::to_string(getpid()) +
        "/exe --gtest_filter=ProjectionCompilerChild.prints_digests 2>/dev/null";
    FILE* const child = popen(command.c_str(), "r");
    ASSERT_NE(child, nullptr);
    std::string output;
    std::array<char, 4096> chunk{};
    while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), child)) {
      output.append(chunk.data(), n);
    }
    EXPECT_EQ(pclose(child), 0);
    EXPECT_NE(output.find(expected), std::string::npos) << output;
  }
}

}  // namespace
}  // namespace knhk::projections
