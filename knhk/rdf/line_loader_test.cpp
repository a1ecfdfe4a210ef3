#include "knhk/rdf/detail/line_loader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "knhk/rdf/random_quads.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

using detail::LineChunks;

detail::LineLoad load_of(unsigned threads) {
  detail::LineLoad load;
  load.lines = {Syntax::nquads, 1000, DatasetBuilder::kMaxTerms, "", false};
  load.name = "t.nq";
  load.threads = threads;
  return load;
}

// All there is to know of a dataset, the numbers of its terms included; or the error.
std::string loaded(const std::string& text, std::size_t chunk_bytes, unsigned threads) {
  LineChunks chunks(text, chunk_bytes);
  DatasetBuilder builder;
  const Status status = detail::load_lines(chunks, load_of(threads), builder);
  if (!status) return to_string(status.error());
  const Dataset dataset = std::move(builder).build();
  std::string all = to_nquads(dataset);
  for (std::size_t i = 0; i < dataset.term_count(); ++i) {
    append_ntriples(all, dataset.term(TermId{static_cast<std::uint32_t>(i)}));
    all += '\n';
  }
  return all;
}

TEST(LineLoader, numbers_terms_alike_for_any_chunks_and_threads) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string text = to_nquads(RandomQuads(seed).dataset());
    const std::string at_once = loaded(text, text.size() + 1, 1);
    ASSERT_EQ(at_once.find("-error]"), std::string::npos) << at_once;
    for (const std::size_t chunk_bytes : {std::size_t{1}, std::size_t{100}, std::size_t{400}}) {
      for (const unsigned threads : {1U, 2U, 5U}) {
        ASSERT_EQ(loaded(text, chunk_bytes, threads), at_once) << chunk_bytes << " " << threads;
      }
    }
  }
}

TEST(LineLoader, tells_the_first_error_of_the_text) {
  std::string text;
  for (int i = 1; i <= 300; ++i) {
    text += i >= 100 && i % 7 == 2 ? "<http://e/s> x .\n" : "<http://e/s> <http://e/p> \"a\" .\n";
  }
  for (const unsigned threads : {1U, 2U, 5U}) {
    EXPECT_EQ(loaded(text, 1, threads),
              "t.nq:100:14: 'x' can not stand in N-Quads here [syntax-error]");
  }
  EXPECT_EQ(loaded(text.substr(0, 32 * 3 + 20) + "\xFF\n", 1, 2).substr(0, 12), "t.nq:4:21: t");
}

TEST(LineLoader, leaves_out_nothing_when_a_line_is_longer_than_a_chunk) {
  const std::string text = "<http://e/s> <http://e/p> \"" + std::string(900, 'x') +
                           "\" .\n<http://e/s> <http://e/p> \"b\" .";
  EXPECT_EQ(loaded(text, 1, 2), loaded(text, text.size(), 1));
}

TEST(LineLoader, takes_no_term_for_the_one_above_that_starts_alike) {
  const std::string text =
      "_:a <http://e/p> _:a _:a .\n"
      "_:ab <http://e/p> _:ab _:ab .\n"
      "_:a.b <http://e/p>\t_:a _:a.b .\n"
      "_:a\t<http://e/p>_:a _:a .\n"
      "_:a <http://e/pq> <http://e/p>_:a .\n"
      "_:a <http://e/p> _:a<g:g>.";
  DatasetBuilder builder;
  LineChunks chunks(text, text.size());
  ASSERT_TRUE(detail::load_lines(chunks, load_of(1), builder));
  const Dataset dataset = std::move(builder).build();
  EXPECT_EQ(to_nquads(dataset),
            "_:a <http://e/p> _:a <g:g> .\n"
            "_:a <http://e/p> _:a _:a .\n"
            "_:a <http://e/pq> <http://e/p> _:a .\n"
            "_:a.b <http://e/p> _:a _:a.b .\n"
            "_:ab <http://e/p> _:ab _:ab .\n");
  EXPECT_EQ(dataset.term_count(), 6U);
}

// A folder that goes with the test.
class ReadPath : public ::testing::Test {
 protected:
  ReadPath()
      : folder_(std::filesystem::temp_directory_path() /
                ("knhk-read-path-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~ReadPath() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

std::string outcome_of_path(const std::filesystem::path& path, const ReadOptions& options = {}) {
  DatasetBuilder builder;
  const Status status = read_path(path, options, builder);
  if (!status) return to_string(status.error());
  return to_nquads(std::move(builder).build());
}

TEST_F(ReadPath, gives_what_read_gives) {
  const std::string line = "<http://e/s> <http://e/p> \"a\" .";
  for (const std::string name : {"a.nt", "a.nq", "a.ttl", "a.trig"}) {
    for (const std::string& text : {line, line + "\n", "\xEF\xBB\xBF" + line, std::string()}) {
      EXPECT_EQ(outcome_of_path(write(name, text)), text.empty() ? "" : line + "\n") << name;
    }
    const auto path = write(name, line + "\n" + line + "?");
    EXPECT_TRUE(outcome_of_path(path).starts_with(path.string() + ":2:32: ")) << name;
  }
}

TEST_F(ReadPath, reads_a_large_file_by_and_by) {
  std::string text;
  int lines = 0;
  for (; text.size() < 3 * detail::kChunkBytes; ++lines) {
    text += "<http://e/s> <http://e/p> \"" + std::to_string(lines) + "\" .\n";
  }
  DatasetBuilder builder;
  ASSERT_TRUE(read_path(write("a.nt", text), {}, builder));
  EXPECT_EQ(std::move(builder).build().size(), static_cast<std::size_t>(lines));
  const auto broken = write("b.nt", text + "<http://e/s> <http://e/p> ? .\n");
  EXPECT_TRUE(outcome_of_path(broken).starts_with(broken.string() + ":" +
                                                  std::to_string(lines + 1) + ":27: "));
}

TEST_F(ReadPath, names_what_can_not_be_read) {
  EXPECT_TRUE(outcome_of_path(folder_ / "none.nt").ends_with("[file-missing]"));
  EXPECT_TRUE(outcome_of_path(folder_ / "none.ttl").ends_with("[file-missing]"));
  std::filesystem::create_directory(folder_ / "folder.nt");
  EXPECT_TRUE(outcome_of_path(folder_ / "folder.nt").ends_with("[not-a-file]"));
  ReadOptions options;
  options.limits.bytes = 10;
  for (const std::string name : {"a.nt", "a.ttl"}) {
    const auto path = write(name, "# twelve bytes");
    EXPECT_EQ(outcome_of_path(path, options),
              path.string() + ": larger than 10 bytes [limit-exceeded]");
  }
}

using Lines = std::vector<std::pair<std::string, std::size_t>>;

Lines lines_of(const std::string& text, const std::string& name) {
  Lines lines;
  DatasetBuilder builder;
  ReadOptions options;
  options.on_quad = [&](const Quad& quad, std::size_t line) {
    lines.emplace_back(to_ntriples(builder.terms().term(quad.object)), line);
  };
  EXPECT_TRUE(read(text, name, options, builder));
  return lines;
}

TEST(Reader, tells_the_line_of_each_quad) {
  const std::string turtle =
      "@prefix e: <http://e/> .\n"
      "e:s e:p e:o ,\n"
      "  \"\"\"x\ny\"\"\" ;\n"
      "  e:q [ e:r 1 ] . # end\n"
      "\n"
      "e:s e:p 2 .";
  EXPECT_EQ(lines_of(turtle, "t.ttl"),
            (Lines{{"<http://e/o>", 2},
                   {"\"x\\ny\"", 4},
                   {"_:genb1", 5},
                   {"\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>", 5},
                   {"\"2\"^^<http://www.w3.org/2001/XMLSchema#integer>", 7}}));
  std::string lines = "# a comment\r\n\r\n";
  while (lines.size() < 2 * detail::kChunkBytes) lines += "# filler\n";
  const auto filler = (lines.size() - 15) / 9;
  lines += "<http://e/s> <http://e/p> \"z\" <http://e/g> .";
  EXPECT_EQ(lines_of(lines, "t.nq"), (Lines{{"\"z\"", filler + 3}}));
}

}  // namespace
}  // namespace knhk::rdf
