#include "knhk/store/durable_file.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "knhk/store/store_fixture.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

class DurableFile : public testing::Test {
 protected:
  [[nodiscard]] fs::path path(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] std::size_t file_count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }
  TemporaryFolder folder_;
};

// A small file system in memory, while it lives. Needs the right to mount.
class SmallDisk {
 public:
  SmallDisk(const fs::path& where, const char* options) : where_(where) {
    fs::create_directories(where_);
    mounted_ = ::mount("tmpfs", where_.c_str(), "tmpfs", 0, options) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] bool make_read_only() const {
    return ::mount("tmpfs", where_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  fs::path where_;
  bool mounted_ = false;
};

#define KNHK_SKIP_UNLESS_MOUNTED(disk) \
  if (!(disk).mounted()) GTEST_SKIP() << "no right to mount a small file system"

TEST_F(DurableFile, is_replaced_whole) {
  ASSERT_TRUE(write_file(path("a"), "one"));
  ASSERT_TRUE(write_file(path("a"), std::string(3'000'000, 'x')));
  EXPECT_EQ(read_file(path("a"), 3'000'000)->size(), 3'000'000U);
  EXPECT_EQ(*replace_file(path("a"), ""), Durability::durable);
  EXPECT_EQ(*read_file(path("a"), 0), "");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(DurableFile, is_not_read_beyond_its_limit_nor_when_it_is_none) {
  ASSERT_TRUE(write_file(path("a"), "four"));
  EXPECT_EQ(*read_file(path("a"), 4), "four");
  EXPECT_EQ(read_file(path("a"), 3).error().code, Errc::limit_exceeded);
  EXPECT_EQ(read_file(path("none"), 3).error().code, Errc::file_missing);
  EXPECT_EQ(read_file(folder_.path(), 3).error().code, Errc::not_a_file);
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(path("pipe"), 3).error().code, Errc::not_a_file);
}

TEST_F(DurableFile, without_a_folder_is_an_io_error) {
  EXPECT_EQ(write_file(path("none") / "a", "x").error().code, Errc::io_error);
}

// Every operation of a write fails in turn, with each errno that has a code of its own.
int failing_step = 0;
int failing_errno = 0;
int steps = 0;
int fail_in_turn(const char*, const char*) { return ++steps == failing_step ? failing_errno : 0; }

TEST_F(DurableFile, stays_as_it_was_when_any_operation_fails) {
  const std::pair<int, Errc> codes[] = {
      {ENOSPC, Errc::disk_full},         {EDQUOT, Errc::disk_full},        {EROFS, Errc::read_only},
      {EACCES, Errc::permission_denied}, {EPERM, Errc::permission_denied}, {EIO, Errc::io_error}};
  ASSERT_TRUE(write_file(path("a"), "old"));
  for (const auto& [error, code] : codes) {
    failing_errno = error;
    for (failing_step = 1; failing_step < 100; ++failing_step) {
      steps = 0;
      detail::set_file_step(&fail_in_turn);
      const auto written = replace_file(path("a"), "new");
      detail::set_file_step(nullptr);
      EXPECT_EQ(file_count(), 1U);
      if (written) {
        // Only the sync of the folder can fail once the name has moved.
        EXPECT_EQ(slurp(path("a")), "new");
        const bool all_done = steps < failing_step;
        EXPECT_EQ(*written == Durability::durable, all_done);
        ASSERT_TRUE(write_file(path("a"), "old"));
        if (all_done) break;
        continue;
      }
      EXPECT_EQ(written.error().code, code);
      EXPECT_EQ(written.error().where, path("a").string());
      EXPECT_EQ(slurp(path("a")), "old");
    }
    EXPECT_EQ(failing_step, 6);  // open, write, fsync, rename, fsync of the folder
  }
}

TEST_F(DurableFile, on_a_full_disk_is_disk_full_and_stays_as_it_was) {
  const SmallDisk disk(path("disk"), "size=64k");
  KNHK_SKIP_UNLESS_MOUNTED(disk);
  ASSERT_TRUE(write_file(path("disk/a"), "old"));
  const auto written = write_file(path("disk/a"), std::string(200'000, 'x'));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::disk_full);
  EXPECT_EQ(contents(path("disk")), (std::map<std::string, std::string>{{"a", "old"}}));
}

TEST_F(DurableFile, on_a_read_only_disk_is_read_only) {
  const SmallDisk disk(path("disk"), "size=64k");
  KNHK_SKIP_UNLESS_MOUNTED(disk);
  ASSERT_TRUE(disk.make_read_only());
  EXPECT_EQ(write_file(path("disk/a"), "x").error().code, Errc::read_only);
  EXPECT_EQ(make_folders(path("disk/b/c")).error().code, Errc::read_only);
}

TEST_F(DurableFile, store_on_a_full_disk_stays_as_it_was) {
  const SmallDisk disk(path("disk"), "size=256k");
  KNHK_SKIP_UNLESS_MOUNTED(disk);
  const auto store = Store::create(path("disk/store"), "small");
  ASSERT_TRUE(store) << to_string(store.error());
  const auto key = new_key();
  const auto v1 = store->put_manifest(manifest_of(*store, "v1"));
  ASSERT_TRUE(v1);
  const PromotionLog log(*store, trusting(key));
  // What is left of the disk is filled; then nothing can be changed, and nothing is.
  while (write_file(path("disk/filler"), slurp(path("disk/filler")) + std::string(4096, 'f'))) {
  }
  for (int i = 0;; ++i) {
    const fs::path more = path("disk") / std::to_string(i);
    if (!write_file(more, std::string(4096, 'f'))) break;
  }
  const auto before = contents(path("disk/store"));
  const std::string big(100'000, 'b');
  EXPECT_EQ(store->put_blob(big).error().code, Errc::disk_full);
  Manifest manifest;
  manifest.snapshot = id_of("v2");
  manifest.created = "2026-01-31T09:04:05Z";
  manifest.layers = {{"x/y", crypto::sha256(big), big.size(), "big"}};
  EXPECT_EQ(store->put_admission(manifest, {big}).error().code, Errc::disk_full);
  EntryRequest request{"stable", Action::promote, id_of("v1"), *v1, "a", "r"};
  {
    auto pending = log.begin(request);
    ASSERT_TRUE(pending) << to_string(pending.error());
    const auto committed = pending->commit(key);
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, Errc::disk_full);
    EXPECT_EQ(contents(path("disk/store")), before);
    fs::remove(path("disk/filler"));
    EXPECT_TRUE(pending->commit(key));  // with room again
  }
  EXPECT_EQ(log.read()->size(), 1U);
  EXPECT_EQ(Store::create(path("disk/store2"), "x").has_value(), true);
}

TEST_F(DurableFile, store_is_not_created_on_a_full_disk) {
  const SmallDisk disk(path("disk"), "size=16k");
  KNHK_SKIP_UNLESS_MOUNTED(disk);
  for (int i = 0; write_file(path("disk") / std::to_string(i), std::string(4096, 'f')); ++i) {
  }
  const auto before = contents(path("disk"));
  const auto store = Store::create(path("disk/a/store"), "x");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::disk_full);
  EXPECT_EQ(contents(path("disk")), before);
  EXPECT_FALSE(fs::exists(path("disk/a")));
}

TEST_F(DurableFile, store_on_a_read_only_disk_is_read_and_not_changed) {
  const SmallDisk disk(path("disk"), "size=1m");
  KNHK_SKIP_UNLESS_MOUNTED(disk);
  // The mount's own folder, which cannot be renamed.
  const auto store = Store::create(path("disk"), "small");
  ASSERT_TRUE(store) << to_string(store.error());
  const auto key = new_key();
  const auto v1 = store->put_manifest(manifest_of(*store, "v1"));
  ASSERT_TRUE(v1);
  ASSERT_TRUE(disk.make_read_only());
  EXPECT_TRUE(Store::open(path("disk")));
  EXPECT_TRUE(store->newest(id_of("v1")));
  const PromotionLog log(*store, trusting(key));
  EXPECT_TRUE(log.read());
  EntryRequest request{"stable", Action::promote, id_of("v1"), *v1, "a", "r"};
  EXPECT_EQ(log.begin(request).error().code, Errc::read_only);
  EXPECT_EQ(store->put_blob("x").error().code, Errc::read_only);
  EXPECT_EQ(store->put_manifest(manifest_of(*store, "v1")).error().code, Errc::read_only);
  EXPECT_EQ(Store::create(path("disk/new"), "x").error().code, Errc::read_only);
}

TEST_F(DurableFile, store_of_somebody_else_is_permission_denied) {
  const auto store = Store::create(path("store"), "theirs");
  ASSERT_TRUE(store);
  const bool root = ::geteuid() == 0;  // whom no mode stops, so another user tries
  if (!root) GTEST_SKIP() << "only root can try as another user";
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto blob = store->put_blob("x");
  const auto lock = store->lock();
  const auto created = Store::create(path("mine"), "x");
  const auto opened = Store::open(path("store"));
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_TRUE(!blob && !lock && !created);
  EXPECT_EQ(blob.error().code, Errc::permission_denied);
  EXPECT_EQ(lock.error().code, Errc::permission_denied);
  EXPECT_EQ(created.error().code, Errc::permission_denied);
  EXPECT_TRUE(opened);
}

}  // namespace
}  // namespace knhk::store
