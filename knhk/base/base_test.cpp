#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <vector>

#include "knhk/base/base64.hpp"
#include "knhk/base/clock.hpp"
#include "knhk/base/digest.hpp"
#include "knhk/base/parallel.hpp"
#include "knhk/base/result.hpp"

namespace knhk {
namespace {

TEST(Digest, prints_and_reads_the_same_text) {
  Digest digest;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    digest.bytes[i] = static_cast<std::uint8_t>(i * 7);
  }
  EXPECT_EQ(Digest::parse(digest.to_string()), digest);
  EXPECT_EQ(Digest::parse(digest.hex()), digest);
}

TEST(Digest, refuses_text_of_another_length_or_alphabet) {
  EXPECT_FALSE(Digest::parse(""));
  EXPECT_FALSE(Digest::parse("sha256:"));
  EXPECT_FALSE(Digest::parse(std::string(63, 'a')));
  EXPECT_FALSE(Digest::parse(std::string(65, 'a')));
  EXPECT_FALSE(Digest::parse(std::string(63, 'a') + "g"));
  EXPECT_FALSE(Digest::parse("sha512:" + std::string(64, 'a')));
}

TEST(Base64, reproduces_the_vectors_of_rfc_4648) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  for (const std::string text : {"", "f", "fo", "foo", "foobar"}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
}

TEST(Base64, reads_both_alphabets_and_refuses_what_is_neither) {
  EXPECT_EQ(from_base64("-_-_"), from_base64("+/+/"));
  EXPECT_TRUE(from_base64("-_-_"));
  EXPECT_EQ(from_base64("Zg"), "f");
  EXPECT_FALSE(from_base64("Z"));
  EXPECT_FALSE(from_base64("Zh=="));  // unused bits set: two texts would mean the same bytes
  EXPECT_FALSE(from_base64("Zg="));
  EXPECT_FALSE(from_base64("Zm 9v"));
  EXPECT_FALSE(from_base64("===="));
}

TEST(Errc, has_a_kebab_case_name_and_someone_to_act_on_it) {
  EXPECT_EQ(name(Errc::promotion_unsettled), "promotion-unsettled");
  EXPECT_EQ(blame(Errc::syntax_error), Blame::content);
  EXPECT_EQ(blame(Errc::malformed_id), Blame::usage);
  EXPECT_EQ(blame(Errc::disk_full), Blame::environment);
  EXPECT_EQ(to_string(Error{Errc::syntax_error, "a.ttl:1:2", "expected a term"}),
            "a.ttl:1:2: expected a term [syntax-error]");
}

TEST(Clock, prints_utc_as_rfc_3339) {
  EXPECT_EQ(to_rfc3339(std::chrono::system_clock::time_point{}), "1970-01-01T00:00:00Z");
}

TEST(ParallelChunks, visit_every_index_exactly_once) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::vector<int> visits(1000, 0);
    parallel_chunks(visits.size(), 13, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    EXPECT_EQ(visits, std::vector<int>(1000, 1));
  }
}

TEST(ParallelChunks, begin_none_once_they_are_stopped) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::stop_source stop;
    std::atomic<std::size_t> visited{0};
    parallel_chunks(
        100'000, 1, threads,
        [&](std::size_t begin, std::size_t) {
          ++visited;
          if (begin == 10) stop.request_stop();
          while (begin > 10 && !stop.stop_requested()) std::this_thread::yield();
        },
        stop.get_token());
    EXPECT_GE(visited, 11U);
    EXPECT_LE(visited, 11U + threads);
  }
}

TEST(Parallel, throws_what_a_chunk_threw_once_all_threads_have_ended) {
  for (const unsigned threads : {1U, 2U, 8U}) {
    std::atomic<int> inside{0};
    const auto run = [&] {
      parallel_chunks(1000, 1, threads, [&](std::size_t begin, std::size_t) {
        ++inside;
        const bool fails = begin == 100;
        --inside;
        if (fails) throw std::bad_alloc();
      });
    };
    EXPECT_THROW(run(), std::bad_alloc);
    EXPECT_EQ(inside, 0);
  }
}

}  // namespace
}  // namespace knhk
