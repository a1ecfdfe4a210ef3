// Damaged texts of all kinds: whatever comes out, it is a dataset or an error, never a crash. Runs
// for about a second; KNHK_MUTATION_SEED and KNHK_MUTATION_MS change where it starts and how long.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

namespace fs = std::filesystem;

struct Text {
  std::string name;
  std::string bytes;
};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Some texts of our own, and the W3C's where they are.
std::vector<Text> seeds() {
  std::vector<Text> texts = {
      {"own.ttl",
       "@prefix e: <http://e/> . @base <http://b/> .\ne:s e:p [ e:q ( 1 -2.5 .5e3 true ) ; a e:C ] "
       ",\n"
       "  \"a\\u00e9\"@en-GB , '''x'y''' ^^ e:d ; <r> _:b1 , _:B1 , [] . # end\nPREFIX f: <x>\n"
       "f:%20a\\,b e:p \"\"\"\xC3\xA9\n\"\"\" ."},
      {"own.trig",
       "@prefix : <http://e/> . :g { :s :p :o , [] . } GRAPH _:g { :s :p ( :o ) } {} :a :b :c ."},
      {"own.nq",
       "_:a <http://e/p> \"x\\n\"@de <http://e/g> .\n<http://e/s> <http://e/p> _:a _:g . # c\n"}};
  const char* const shared = std::getenv("KNHK_SHARED");
  const fs::path folder =
      (shared != nullptr ? fs::path(shared) : fs::path(KNHK_SOURCE_DIR) / ".." / "shared") /
      "conformance";
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    const bool fits = syntax_of(entry.path().string()) && entry.file_size(error) < 4096 &&
                      entry.path().string().find("shacl") == std::string::npos;
    if (fits) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const fs::path& path : paths) {
    if (auto bytes = read_file(path))
      texts.push_back({path.filename().string(), std::move(*bytes)});
  }
  return texts;
}

void damage(std::string& bytes, std::mt19937_64& random) {
  static const std::string kPieces[] = {"[",    "]",        "(",
                                        ")",    "{",        "}",
                                        ".",    ";",        ",",
                                        "\"",   "'",        "\"\"\"",
                                        "<",    ">",        "\\",
                                        "\\u",  "@",        "^^",
                                        "_:",   "_:b1",     ":",
                                        "#",    "\n",       " ",
                                        "a",    "1",        "-",
                                        "e",    "%",        "=",
                                        "\xFF", "\xC3\xA9", std::string(1, '\0'),
                                        "base", "@prefix",  "GRAPH ",
                                        "true"};
  for (std::size_t left = 1 + random() % 4; left > 0; --left) {
    const std::size_t at = random() % (bytes.size() + 1);
    switch (random() % 5) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.erase(at, 1 + random() % 8);
        break;
      case 2:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random());
        break;
      case 3:
        bytes.insert(at, bytes.substr(random() % (bytes.size() + 1), random() % 32));
        break;
      default:
        bytes.insert(at, kPieces[random() % std::size(kPieces)]);
    }
  }
}

// Reads, and checks what can be checked without knowing what the text means.
void check(const std::string& bytes, const std::string& name) {
  ReadOptions options;
  options.base = "http://example.org/";
  const auto dataset = read_dataset(bytes, name, options);
  if (!dataset) {
    EXPECT_FALSE(dataset.error().detail.empty());
    EXPECT_TRUE(dataset.error().where.starts_with(name + ":")) << to_string(dataset.error());
    return;
  }
  const std::string written = to_nquads(*dataset);
  const auto again = read_dataset(written, "again.nq");
  ASSERT_TRUE(again) << to_string(again.error()) << "\n" << written;
  EXPECT_EQ(to_nquads(*again), written);
  CanonicalizeOptions limited;
  limited.work_limit = 20'000;
  const auto canonical = canonicalize(*dataset, limited);
  if (!canonical) {
    EXPECT_EQ(canonical.error().code, Errc::work_limit);
    return;
  }
  const auto same = canonicalize(*again, limited);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->nquads, canonical->nquads);
}

TEST(Mutation, of_a_text_gives_a_dataset_or_an_error) {
  const std::vector<Text> texts = seeds();
  const std::uint64_t seed = setting("KNHK_MUTATION_SEED", 1);
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::milliseconds(setting("KNHK_MUTATION_MS", 1000));
  std::size_t count = 0;
  for (std::uint64_t round = seed; std::chrono::steady_clock::now() < end; ++round, ++count) {
    std::mt19937_64 random(round);
    const Text& text = texts[random() % texts.size()];
    std::string bytes = text.bytes;
    damage(bytes, random);
    SCOPED_TRACE("KNHK_MUTATION_SEED=" + std::to_string(round) + " " + text.name + "\n" + bytes);
    check(bytes, text.name);
    if (HasFailure()) return;
  }
  RecordProperty("texts", static_cast<int>(count));
  std::printf("%zu texts from seed %llu\n", count, static_cast<unsigned long long>(seed));
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace knhk::rdf
