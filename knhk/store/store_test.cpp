#include "knhk/store/store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "knhk/crypto/hash.hpp"
#include "knhk/store/last_known_good.hpp"
#include "knhk/store/quarantine.hpp"
#include "knhk/store/store_fixture.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

class StoreTest : public StoreFixture {};

TEST_F(StoreTest, is_an_oci_image_layout) {
  EXPECT_EQ(slurp(root_ / "oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
  EXPECT_EQ(slurp(root_ / "index.json"),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
            R"("manifests":[]})");
  EXPECT_EQ(slurp(root_ / "blobs/sha256" / crypto::sha256("{}").hex()), "{}");
  const Digest digest = admit("v1");
  EXPECT_EQ(slurp(root_ / "index.json"),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
            R"("manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
            R"("artifactType":"application/vnd.knhk.snapshot.v1","digest":")" +
                digest.to_string() + R"(","size":)" +
                std::to_string(slurp(root_ / "blobs/sha256" / digest.hex()).size()) +
                R"(,"annotations":{"org.opencontainers.image.created":"2026-01-31T09:04:05Z",)"
                R"("vnd.knhk.snapshot.id":")" +
                id_of("v1").to_string() + R"(","org.opencontainers.image.ref.name":"sha256-)" +
                id_of("v1").hex() + R"("}}]})");
}

TEST_F(StoreTest, opens_as_it_was_created) {
  const auto opened = Store::open(root_);
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_EQ(opened->name(), "test");
  EXPECT_EQ(opened->origin(), "knhk/test");
}

TEST_F(StoreTest, is_not_created_over_another) {
  const auto before = contents(root_);
  EXPECT_EQ(Store::create(root_, "other").error().code, Errc::store_exists);
  EXPECT_EQ(contents(root_), before);
}

TEST_F(StoreTest, is_not_created_in_a_folder_that_holds_something) {
  const fs::path foreign = folder_.path() / "foreign";
  fs::create_directory(foreign);
  spill(foreign / "thesis.txt", "ten years");
  EXPECT_EQ(Store::create(foreign, "x").error().code, Errc::io_error);
  EXPECT_EQ(contents(foreign), (std::map<std::string, std::string>{{"thesis.txt", "ten years"}}));
  // Somebody else's image layout is theirs.
  const fs::path layout = folder_.path() / "layout";
  fs::create_directories(layout / "blobs");
  spill(layout / "oci-layout", "{}");
  spill(layout / "index.json", "{}");
  EXPECT_EQ(Store::create(layout, "x").error().code, Errc::io_error);
  EXPECT_EQ(contents(layout).size(), 2U);
  spill(folder_.path() / "file", "");
  EXPECT_FALSE(Store::create(folder_.path() / "file", "x"));
}

TEST_F(StoreTest, is_created_in_an_empty_folder_and_in_one_that_is_not_there) {
  fs::create_directory(folder_.path() / "empty");
  EXPECT_TRUE(Store::create(folder_.path() / "empty", "x"));
  EXPECT_TRUE(Store::create(folder_.path() / "a" / "b" / "c", "x"));
}

TEST_F(StoreTest, has_a_name_of_few_characters) {
  for (const std::string& name :
       {std::string(), std::string("A"), std::string("a b"), std::string("a/b"), std::string("a+b"),
        std::string("."), std::string("-a"), std::string("a\n"), std::string(64, 'a')}) {
    EXPECT_EQ(Store::create(folder_.path() / "n", name).error().code, Errc::usage) << name;
    EXPECT_FALSE(fs::exists(folder_.path() / "n"));
  }
  EXPECT_TRUE(Store::create(folder_.path() / "n", "a.b_c-" + std::string(57, '9')));
}

TEST_F(StoreTest, that_is_not_there_is_store_missing) {
  EXPECT_EQ(Store::open(folder_.path() / "none").error().code, Errc::store_missing);
  EXPECT_EQ(Store::open(folder_.path()).error().code, Errc::store_missing);
  EXPECT_EQ(Store::open(root_ / "oci-layout").error().code, Errc::store_missing);
}

TEST_F(StoreTest, with_a_damaged_description_is_manifest_damaged) {
  for (const char* text :
       {"", "{", R"({"version":2,"name":"test"})", R"({"version":1})",
        R"({"version":1,"name":"a/b"})", R"({"version":1,"name":"a","name":"b"})"}) {
    spill(root_ / "knhk-store.json", text);
    EXPECT_EQ(Store::open(root_).error().code, Errc::manifest_damaged) << text;
  }
}

TEST_F(StoreTest, gives_blobs_back_and_names_those_that_were_changed_or_lost) {
  const std::string bytes("a\0b", 3);
  const auto digest = store().put_blob(bytes);
  ASSERT_TRUE(digest);
  EXPECT_EQ(*digest, crypto::sha256(bytes));
  EXPECT_EQ(*store().blob(*digest), bytes);
  EXPECT_TRUE(store().has_blob(*digest));
  const auto missing = store().blob(crypto::sha256("other"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::blob_missing);
  EXPECT_EQ(missing.error().where, crypto::sha256("other").to_string());
  spill(root_ / "blobs/sha256" / digest->hex(), "a-b");
  const auto changed = store().blob(*digest);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::digest_mismatch);
  EXPECT_EQ(changed.error().where, digest->to_string());
  EXPECT_EQ(store().put_blob(bytes), digest);  // storing it again mends it
  EXPECT_EQ(*store().blob(*digest), bytes);
}

TEST_F(StoreTest, gives_manifests_back_in_the_order_of_admission) {
  const Digest first = admit("v1");
  const Digest second = admit("v2");
  const auto again = store().put_manifest(manifest_of(store(), "v1", "2026-02-01T00:00:00Z"));
  ASSERT_TRUE(again);
  const auto all = store().manifests();
  ASSERT_TRUE(all) << to_string(all.error());
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[0].digest, first);
  EXPECT_EQ((*all)[1].digest, second);
  EXPECT_EQ((*all)[2].digest, *again);
  EXPECT_EQ((*all)[1].manifest, manifest_of(store(), "v2"));
  EXPECT_EQ(*store().manifest(first), manifest_of(store(), "v1"));
  EXPECT_EQ(store().newest(id_of("v1"))->digest, *again);
  EXPECT_EQ(store().newest(id_of("v2"))->digest, second);
  EXPECT_EQ(store().newest(id_of("v3")).error().code, Errc::unknown_id);
}

TEST_F(StoreTest, lists_one_admission_once) {
  const Digest first = admit("v1");
  EXPECT_EQ(admit("v1"), first);
  EXPECT_EQ(store().manifests()->size(), 1U);
}

TEST_F(StoreTest, takes_no_manifest_whose_blobs_are_not_there) {
  const auto before = slurp(root_ / "index.json");
  Manifest manifest = manifest_of(store(), "v1");
  manifest.layers.push_back({"x/y", crypto::sha256("absent"), 6, "absent"});
  EXPECT_EQ(store().put_manifest(manifest).error().code, Errc::blob_missing);
  manifest = manifest_of(store(), "v1");
  manifest.layers[0].size = 1;
  EXPECT_EQ(store().put_manifest(manifest).error().code, Errc::digest_mismatch);
  EXPECT_EQ(slurp(root_ / "index.json"), before);
}

TEST_F(StoreTest, stores_an_admission_with_its_blobs_or_nothing_of_it) {
  Manifest manifest;
  manifest.snapshot = id_of("v1");
  manifest.created = "2026-01-31T09:04:05Z";
  manifest.layers = {{"x/y", crypto::sha256("one"), 3, "one"},
                     {"x/y", crypto::sha256("two"), 3, "two"}};
  const auto before = contents(root_);
  EXPECT_EQ(store().put_admission(manifest, {"one"}).error().code, Errc::blob_missing);
  EXPECT_EQ(contents(root_), before);
  const auto digest = store().put_admission(manifest, {"one", "two"});
  ASSERT_TRUE(digest) << to_string(digest.error());
  EXPECT_EQ(store().newest(id_of("v1"))->digest, *digest);
  EXPECT_EQ(*store().blob(crypto::sha256("two")), "two");
}

TEST_F(StoreTest, finds_a_snapshot_by_the_start_of_its_id) {
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) texts.push_back(std::to_string(i));
  for (const std::string& text : texts) admit(text);
  for (const std::string& text : texts) {
    const SnapshotId id = id_of(text);
    EXPECT_EQ(*store().resolve(id.hex()), id);
    EXPECT_EQ(*store().resolve(id.to_string()), id);
    EXPECT_EQ(*store().resolve(id.hex().substr(0, 12)), id);
  }
  // 20 ids and 16 first digits: two must share one.
  int ambiguous = 0;
  for (const char digit : std::string("0123456789abcdef")) {
    const auto found = store().resolve(std::string(1, digit));
    if (found) continue;
    ambiguous += found.error().code == Errc::malformed_id ? 1 : 0;
  }
  EXPECT_GT(ambiguous, 0);
  for (const char* text : {"", "sha256:", "xyz", "sha512:00", "zz"}) {
    EXPECT_EQ(store().resolve(text).error().code, Errc::malformed_id) << text;
  }
  EXPECT_EQ(store().resolve(std::string(65, 'a')).error().code, Errc::malformed_id);
  EXPECT_EQ(store().resolve(id_of("absent").hex()).error().code, Errc::unknown_id);
}

TEST_F(StoreTest, names_a_damaged_manifest_and_still_finds_the_others) {
  const Digest first = admit("v1");
  admit("v2");
  spill(root_ / "blobs/sha256" / first.hex(), "{}");
  EXPECT_EQ(store().manifests().error().code, Errc::digest_mismatch);
  EXPECT_EQ(store().newest(id_of("v1")).error().code, Errc::digest_mismatch);
  EXPECT_TRUE(store().newest(id_of("v2")));
  EXPECT_TRUE(store().put_manifest(manifest_of(store(), "v3")));
  const auto not_a_manifest = store().put_blob("hello");
  ASSERT_TRUE(not_a_manifest);
  EXPECT_EQ(store().manifest(*not_a_manifest).error().code, Errc::manifest_damaged);
}

TEST_F(StoreTest, reads_no_more_than_a_manifest_can_have) {
  const Digest digest = admit("v1");
  fs::resize_file(root_ / "blobs/sha256" / digest.hex(), kMaxManifestBytes + 1);
  EXPECT_EQ(store().manifest(digest).error().code, Errc::manifest_damaged);
  EXPECT_EQ(store().blob(digest, kMaxManifestBytes).error().code, Errc::limit_exceeded);
}

TEST_F(StoreTest, with_a_damaged_index_says_so) {
  for (const char* text : {"", "{}", "[1]", R"({"schemaVersion":2,"manifests":[1]})",
                           R"({"schemaVersion":2,"manifests":[{"digest":1,"size":1}]})"}) {
    spill(root_ / "index.json", text);
    EXPECT_EQ(store().manifests().error().code, Errc::manifest_damaged) << text;
    EXPECT_EQ(store().put_manifest(manifest_of(store(), "v1")).error().code,
              Errc::manifest_damaged);
  }
  fs::remove(root_ / "index.json");
  EXPECT_EQ(store().manifests().error().code, Errc::manifest_damaged);
}

TEST_F(StoreTest, keeps_what_others_wrote_into_its_index) {
  const std::string foreign =
      R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha512:00","size":3,)"
      R"("platform":{"os":"linux"}})";
  spill(root_ / "index.json", R"({"schemaVersion":2,"manifests":[)" + foreign + "]}");
  admit("v1");
  EXPECT_NE(slurp(root_ / "index.json").find(foreign), std::string::npos);
  EXPECT_EQ(store().manifests()->size(), 1U);
}

TEST_F(StoreTest, moves_the_tag_of_a_channel) {
  const Digest first = admit("v1");
  const Digest second = admit("v2");
  const auto tags = [&] {
    std::string index = slurp(root_ / "index.json");
    std::size_t count = 0;
    for (std::size_t at = 0; (at = index.find("ref.name\":\"stable\"", at)) != std::string::npos;
         ++at) {
      ++count;
    }
    return count;
  };
  const auto lock = store().lock();
  ASSERT_TRUE(lock);
  ASSERT_TRUE(store().set_channel_tags({{"stable", first}}, *lock));
  EXPECT_EQ(tags(), 1U);
  ASSERT_TRUE(store().set_channel_tags({{"stable", second}, {"beta", first}}, *lock));
  EXPECT_EQ(tags(), 1U);
  ASSERT_TRUE(store().set_channel_tags({{"stable", Digest{}}}, *lock));
  EXPECT_EQ(tags(), 0U);
  EXPECT_EQ(store().manifests()->size(), 2U);
  EXPECT_EQ(store().manifests()->front().digest, first);
}

TEST_F(StoreTest, has_one_writer_at_a_time_in_this_process_too) {
  auto held = store().lock();
  ASSERT_TRUE(held);
  const auto second = store().lock();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::store_locked);
  EXPECT_NE(second.error().detail.find("process " + std::to_string(::getpid())), std::string::npos);
  EXPECT_EQ(store().put_manifest(manifest_of(store(), "v1")).error().code, Errc::store_locked);
  EXPECT_TRUE(store().put_manifest(manifest_of(store(), "v1"), *held));
  WriterLock moved = *std::move(held);
  EXPECT_FALSE(store().lock());
  {
    const WriterLock gone = std::move(moved);
  }
  EXPECT_TRUE(store().lock());
}

TEST_F(StoreTest, removes_what_writers_who_died_left_and_nothing_else) {
  ASSERT_TRUE(Quarantine(store()).add(id_of("v1"), "bad"));
  for (const char* const folder : {"", "blobs/sha256", "log", "quarantine"}) {
    const fs::path left = root_ / folder / ".tmp-999999-0";
    spill(left, "half a fi");
    ASSERT_TRUE(store().lock());
    EXPECT_FALSE(fs::exists(left)) << left;
  }
  EXPECT_TRUE(*Quarantine(store()).find(id_of("v1")));
  EXPECT_TRUE(store().blob(crypto::sha256("{}")));
}

TEST_F(StoreTest, keeps_what_waits_for_a_person_in_quarantine_until_that_person_clears_it) {
  const Quarantine quarantine(store());
  using Until = Quarantine::Until;
  ASSERT_TRUE(quarantine.add(id_of("v1"), "not on record", Until::recorded));
  ASSERT_TRUE(quarantine.add(id_of("v2"), "p99 too high", Until::cleared));
  ASSERT_TRUE(quarantine.add(id_of("v2"), "not on record", Until::recorded));
  EXPECT_EQ(*quarantine.find(id_of("v2")), "p99 too high");
  ASSERT_TRUE(quarantine.lift_recorded(id_of("v1")));
  ASSERT_TRUE(quarantine.lift_recorded(id_of("v2")));
  ASSERT_TRUE(quarantine.lift_recorded(id_of("v3")));
  EXPECT_EQ(*quarantine.find(id_of("v1")), std::nullopt);
  const auto items = *quarantine.items();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].snapshot, id_of("v2"));
  EXPECT_EQ(items[0].until, Until::cleared);
  ASSERT_TRUE(quarantine.clear(id_of("v2")));
  EXPECT_EQ(*quarantine.find(id_of("v2")), std::nullopt);
}

TEST_F(StoreTest, takes_a_quarantine_that_cannot_be_read_for_no_weaker_one) {
  const Quarantine quarantine(store());
  ASSERT_TRUE(quarantine.add(id_of("v1"), "p99 too high", Quarantine::Until::cleared));
  const fs::path file = root_ / "quarantine" / id_of("v1").hex();
  spill(file, slurp(file) + std::string(std::size_t{2} << 20U, 'x'));
  EXPECT_FALSE(quarantine.find(id_of("v1")));
  EXPECT_FALSE(quarantine.add(id_of("v1"), "not on record"));
  EXPECT_FALSE(quarantine.lift_recorded(id_of("v1")));
  EXPECT_TRUE(fs::exists(file));
  fs::create_directories(root_ / "last-known-good" / "main");
  EXPECT_FALSE(LastKnownGood(store()).find("main")) << "what can't be read is not nothing";
}

TEST_F(StoreTest, remembers_the_last_known_good_admission_of_each_channel) {
  const LastKnownGood good(store());
  EXPECT_EQ(*good.find("main"), std::nullopt);
  const LastKnownGood::Item first{id_of("v1"), Digest{}, 7};
  const LastKnownGood::Item second{id_of("v2"), crypto::sha256("manifest"), 12};
  ASSERT_TRUE(good.set("main", first));
  EXPECT_EQ(*good.find("main"), first);
  ASSERT_TRUE(good.set("main", second));
  EXPECT_EQ(*LastKnownGood(*Store::open(root_)).find("main"), second);
  EXPECT_EQ(*good.find("beta"), std::nullopt);
  EXPECT_EQ(good.set("../main", first).error().code, Errc::usage);
  const std::string whole = slurp(root_ / "last-known-good" / "main");
  for (const std::string& damaged :
       {std::string(), whole.substr(0, whole.size() - 1), whole.substr(1), whole + " ",
        whole.substr(0, whole.size() - 1) + "x\n", std::string("a b c\n")}) {
    spill(root_ / "last-known-good" / "main", damaged);
    const auto found = good.find("main");
    ASSERT_FALSE(found) << damaged;
    EXPECT_EQ(found.error().code, Errc::log_damaged) << damaged;
  }
}

TEST_F(StoreTest, keeps_snapshots_in_quarantine) {
  const Quarantine quarantine(store());
  EXPECT_EQ(*quarantine.find(id_of("v1")), std::nullopt);
  EXPECT_TRUE(quarantine.items()->empty());
  EXPECT_TRUE(quarantine.clear(id_of("v1")));
  ASSERT_TRUE(quarantine.add(id_of("v1"), "bad"));
  ASSERT_TRUE(quarantine.add(id_of("v2"), "worse"));
  ASSERT_TRUE(quarantine.add(id_of("v1"), "still bad\xff"));
  const Quarantine later(*Store::open(root_));
  EXPECT_EQ(*later.find(id_of("v1")), "still bad\xff");
  EXPECT_EQ(later.items()->size(), 2U);
  ASSERT_TRUE(later.clear(id_of("v1")));
  EXPECT_EQ(*quarantine.find(id_of("v1")), std::nullopt);
  EXPECT_EQ(*quarantine.find(id_of("v2")), "worse");
}

// What any registry tool does with a store: every digest is kept on the way.
TEST_F(StoreTest, is_copied_by_skopeo_with_every_digest) {
  if (std::system("skopeo --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "skopeo is not there";
  const Digest digest = admit("v1");
  const auto lock = store().lock();
  ASSERT_TRUE(lock && store().set_channel_tags({{"stable", digest}}, *lock));
  const auto copy = [](const std::string& from, const std::string& to) {
    const std::string command =
        "skopeo copy --insecure-policy --preserve-digests " + from + ' ' + to + " >/dev/null 2>&1";
    return std::system(command.c_str());
  };
  const fs::path outside = folder_.path() / "copy";
  const std::string tag = "sha256-" + id_of("v1").hex();
  for (const std::string& name : {std::string("stable"), tag}) {
    ASSERT_EQ(copy("oci:" + root_.string() + ':' + name, "oci:" + outside.string() + ':' + name),
              0);
  }
  for (const auto& [path, bytes] : contents(root_ / "blobs")) {
    EXPECT_EQ(slurp(outside / "blobs" / path), bytes) << path;
  }
  // And back, into another store, which knows it again by its manifest.
  auto other = Store::create(folder_.path() / "other", "other");
  ASSERT_TRUE(other);
  ASSERT_EQ(
      copy("oci:" + outside.string() + ":stable", "oci:" + other->path().string() + ":stable"), 0);
  const auto found = other->newest(id_of("v1"));
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found->digest, digest);
  EXPECT_EQ(*other->resolve(id_of("v1").hex().substr(0, 10)), id_of("v1"));
  EXPECT_EQ(other->manifests()->size(), 1U);
  EXPECT_TRUE(other->put_manifest(manifest_of(*other, "v2")));
  EXPECT_EQ(other->manifests()->size(), 2U);
}

}  // namespace
}  // namespace knhk::store
