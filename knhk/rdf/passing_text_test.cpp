#include "knhk/rdf/detail/passing_text.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

using detail::PassingText;

// Lines of all lengths, about six megabytes.
std::string many_lines() {
  std::string text;
  for (int i = 0; text.size() < std::size_t{6} << 20U; ++i) {
    const int length = i % 3 == 0 ? 9000 : i * 7 % 300;  // some longer than a page
    text += "<e:s" + std::to_string(i) + "> <e:p> \"" +
            std::string(static_cast<std::size_t>(length), 'x') + "\" .\n";
  }
  return text;
}

TEST(PassingText, gives_back_what_was_passed_and_nothing_else) {
  const std::string before = many_lines();
  std::string owned = before;
  PassingText text(owned);
  std::size_t zeros = 0;
  for (std::size_t at = 0; at < before.size(); at += 50'000) {
    text.pass(at);
    const std::size_t line = before.rfind('\n', at) + 1;
    ASSERT_EQ(text.text().substr(line, 20'000), before.substr(line, 20'000)) << at;
    ASSERT_EQ(text.position("t", at), PassingText(std::string_view(before)).position("t", at));
  }
  for (const char c : owned) zeros += c == '\0' ? 1 : 0;
  EXPECT_GT(zeros, before.size() / 2);
}

TEST(PassingText, of_the_caller_stays_as_it_is) {
  const std::string before = many_lines();
  const std::string theirs = before;
  PassingText text{std::string_view(theirs)};
  text.pass(theirs.size());
  EXPECT_EQ(theirs, before);
}

// What reading says, and on which lines quads are.
using Outcome = std::pair<std::string, std::vector<std::size_t>>;

template <class Read>
Outcome outcome_of(const Read& read) {
  Outcome outcome;
  ReadOptions options;
  options.on_quad = [&](const Quad&, std::size_t line) { outcome.second.push_back(line); };
  DatasetBuilder builder;
  const Status status = read(options, builder);
  outcome.first = status ? to_nquads(std::move(builder).build()) : to_string(status.error());
  return outcome;
}

TEST(PassingText, makes_no_difference_to_what_is_read_of_a_file) {
  const std::string lines = many_lines();
  const std::string one_line = [&] {
    std::string text = lines;
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }();
  const std::string path = testing::TempDir() + "knhk_passing_text_test.trig";
  for (const std::string& text : {lines, one_line, "{\n" + lines + "}\n", lines + "<e:s> <e:p> \"",
                                  "{" + lines + "\n<e:s> <e:p> <e:o> ] .", "\xEF\xBB\xBF" + lines,
                                  lines + "<e:s> <e:p> <e:o>"}) {
    std::ofstream(path, std::ios::binary) << text;
    const Outcome of_file = outcome_of([&](const ReadOptions& options, DatasetBuilder& builder) {
      return read_path(path, options, builder);
    });
    const Outcome of_text = outcome_of([&](const ReadOptions& options, DatasetBuilder& builder) {
      return read(text, path, options, builder);
    });
    EXPECT_TRUE(of_file == of_text) << of_file.first.substr(0, 200) << "\n"
                                    << of_text.first.substr(0, 200);
    EXPECT_GT(of_file.second.size(), 1000U);
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace knhk::rdf
