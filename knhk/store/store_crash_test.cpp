#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "knhk/store/durable_file.hpp"
#include "knhk/store/store_fixture.hpp"

// Fails, and crashes, every file operation of every change in turn.

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

constexpr int kCrashed = 77;

int step_to_stop_at = 0;
int step_count = 0;

int fail_at_step(const char*, const char*) { return ++step_count == step_to_stop_at ? EIO : 0; }
int crash_at_step(const char*, const char*) {
  if (++step_count == step_to_stop_at) ::_exit(kCrashed);
  return 0;
}

class StoreCrash : public StoreFixture {
 protected:
  // Runs `change` with its n-th operation failing. Returns false when it has fewer.
  template <class Change>
  static bool fails_at(int n, const Change& change) {
    step_to_stop_at = n;
    step_count = 0;
    detail::set_file_step(&fail_at_step);
    change();
    detail::set_file_step(nullptr);
    return step_count >= n;
  }
  // Runs `change` in a process that dies before its n-th operation. Returns false when it has
  // fewer.
  template <class Change>
  static bool crashes_at(int n, const Change& change) {
    const pid_t child = ::fork();
    if (child == 0) {
      step_to_stop_at = n;
      step_count = 0;
      detail::set_file_step(&crash_at_step);
      change();
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == kCrashed;
  }
};

TEST_F(StoreCrash, leaves_the_old_head_or_the_new_one_when_an_operation_fails) {
  const Digest v1 = admit("v1");
  int n = 1;
  for (; n < 200; ++n) {
    const auto before = log().read();
    ASSERT_TRUE(before);
    const auto files = contents(root_ / "log");
    bool committed = false;
    bool durable = false;
    const bool reached = fails_at(n, [&] {
      const auto result = promote("v1", v1);
      committed = result.has_value();
      durable = committed && result->durable && result->tags_updated;
    });
    const auto after = log().audit();
    ASSERT_TRUE(after) << n << ' ' << to_string(after.error());
    EXPECT_EQ(after->size(), before->size() + (committed ? 1 : 0)) << n;
    EXPECT_EQ(committed && durable, !reached) << n;
    EXPECT_TRUE(committed || contents(root_ / "log") == files) << n;
    ASSERT_TRUE(Store::open(root_)->manifests());
    if (!reached) break;
  }
  EXPECT_GT(n, 20);
  EXPECT_LT(n, 200);
}

TEST_F(StoreCrash, leaves_the_old_head_or_the_new_one_when_the_process_dies) {
  const Digest v1 = admit("v1");
  bool saw_old = false;
  bool saw_new = false;
  int n = 1;
  for (; n < 200; ++n) {
    const auto before = log().read();
    ASSERT_TRUE(before);
    const bool reached = crashes_at(n, [&] { (void)promote("v1", v1); });
    const auto store_again = Store::open(root_);
    ASSERT_TRUE(store_again);
    ASSERT_TRUE(store_again->manifests());
    const auto after = log().audit();
    ASSERT_TRUE(after) << n << ' ' << to_string(after.error());
    EXPECT_LE(after->size() - before->size(), 1U);
    if (after->size() == before->size()) {
      EXPECT_EQ(after->root(), before->root());
      EXPECT_FALSE(saw_new && reached) << "the commit point is one operation";
      saw_old = true;
    } else {
      saw_new = true;
    }
    if (!reached) break;
    // Another snapshot and time, so that what was left differs from what comes now.
    clock_.advance(std::chrono::seconds(60));
    ASSERT_TRUE(promote("v1", v1)) << n;
    ASSERT_TRUE(log().audit());
  }
  EXPECT_TRUE(saw_old && saw_new);
  EXPECT_GT(n, 20);
  EXPECT_LT(n, 200);
  EXPECT_TRUE(fs::directory_iterator(root_ / "log") != fs::directory_iterator());
  ASSERT_TRUE(store().lock());
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << entry.path();
  }
}

TEST_F(StoreCrash, is_created_entirely_or_not_at_all) {
  for (int n = 1; n < 200; ++n) {
    const fs::path path = folder_.path() / "parent" / "new";
    const bool reached = fails_at(n, [&] { (void)Store::create(path, "x"); });
    if (!reached) break;
    EXPECT_FALSE(fs::exists(folder_.path() / "parent")) << n;
  }
  EXPECT_TRUE(Store::open(folder_.path() / "parent" / "new"));
}

TEST_F(StoreCrash, is_created_again_after_a_crash) {
  int n = 1;
  for (; n < 200; ++n) {
    const fs::path path = folder_.path() / ("new" + std::to_string(n));
    const bool reached = crashes_at(n, [&] { (void)Store::create(path, "x"); });
    const auto opened = Store::open(path);
    if (!opened) {
      EXPECT_EQ(opened.error().code, Errc::store_missing);
      const auto created = Store::create(path, "x");
      ASSERT_TRUE(created) << n << ' ' << to_string(created.error());
    }
    ASSERT_TRUE(Store::open(path)->manifests());
    if (!reached) break;
  }
  EXPECT_GT(n, 20);
  EXPECT_LT(n, 200);
}

TEST_F(StoreCrash, admits_entirely_or_not_at_all) {
  const auto admission = [&](int n) {
    Manifest manifest;
    manifest.snapshot = id_of(std::to_string(n));
    manifest.created = "2026-01-31T09:04:05Z";
    manifest.layers = {{"x/y", crypto::sha256(std::to_string(n)), std::to_string(n).size(), "n"}};
    return manifest;
  };
  int n = 1;
  for (; n < 200; ++n) {
    const auto before = contents(root_);
    bool stored = false;
    const bool reached = fails_at(
        n, [&] { stored = store().put_admission(admission(n), {std::to_string(n)}).has_value(); });
    if (!stored && slurp(root_ / "index.json") == before.at("index.json")) {
      EXPECT_EQ(contents(root_), before) << n;
    }
    ASSERT_TRUE(store().manifests()) << n;
    if (!reached) break;
    (void)crashes_at(n, [&] { (void)store().put_admission(admission(-n), {std::to_string(-n)}); });
    ASSERT_TRUE(store().manifests()) << n;
    const auto again = store().put_admission(admission(-n), {std::to_string(-n)});
    ASSERT_TRUE(again);
    EXPECT_EQ(store().newest(id_of(std::to_string(-n)))->digest, *again);
  }
  EXPECT_GT(n, 10);
  EXPECT_LT(n, 200);
}

}  // namespace
}  // namespace knhk::store
