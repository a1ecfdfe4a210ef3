#include "knhk/store/promotion_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "knhk/base/base64.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/store/checkpoint.hpp"
#include "knhk/store/store_fixture.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

// Independent of the code under test: raw files in, root out, as RFC 6962 defines it.
std::string naive_root(const std::vector<std::string>& entries, std::size_t begin,
                       std::size_t end) {
  const auto raw = [](const std::string& bytes) {
    const Digest digest = crypto::sha256(bytes);
    return std::string(digest.bytes.begin(), digest.bytes.end());
  };
  if (begin == end) return raw("");
  if (end - begin == 1) return raw(std::string(1, '\0').append(entries[begin]));
  std::size_t half = 1;
  while (half * 2 < end - begin) half *= 2;
  return raw(std::string(1, '\1')
                 .append(naive_root(entries, begin, begin + half))
                 .append(naive_root(entries, begin + half, end)));
}

std::vector<std::string> raw_entries(const fs::path& file) {
  const std::string bytes = slurp(file);
  std::vector<std::string> entries;
  for (std::size_t at = 0; at + 2 <= bytes.size();) {
    const std::size_t length =
        static_cast<unsigned char>(bytes[at]) * 256U + static_cast<unsigned char>(bytes[at + 1]);
    entries.push_back(bytes.substr(at + 2, length));
    at += 2 + length;
  }
  return entries;
}

class PromotionLogTest : public StoreFixture {
 protected:
  // Commits so many entries that it takes turns between two channels.
  void append(std::uint64_t count, const Digest& manifest) const {
    for (std::uint64_t i = 0; i < count; ++i) {
      auto pending =
          log().begin(request("v1", manifest, std::to_string(i), i % 2 ? "odd" : "even"));
      ASSERT_TRUE(pending) << to_string(pending.error());
      const auto committed = pending->commit(key_);
      ASSERT_TRUE(committed) << to_string(committed.error());
    }
  }
  [[nodiscard]] std::string checkpoint() const { return slurp(root_ / "log/checkpoint"); }
  // A log of so many entries, written by code that shares nothing with the code under test.
  Digest start_with(std::size_t count) {
    const Digest manifest = admit("v1");
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < count; ++i) {
      std::string entry = R"({"version":1,"channel":")";
      entry += i % 2 ? "odd" : "even";
      entry += R"(","epoch":)" + std::to_string(i / 2 + 1) + R"(,"action":"promote","snapshot":")";
      entry += id_of("v1").to_string() + R"(","manifest":")" + manifest.to_string();
      entry += R"(","previous":)";
      entry += i < 2 ? "null" : '"' + id_of("v1").to_string() + '"';
      entry += R"(,"actor":"a","reason":"","time":"2026-01-31T09:04:05Z"})";
      entries.push_back(entry);
    }
    for (std::size_t start = 0; start < count; start += 256) {
      const std::size_t width = std::min<std::size_t>(256, count - start);
      std::string bundle;
      std::string tile;
      for (std::size_t i = start; i < start + width; ++i) {
        bundle += static_cast<char>(entries[i].size() / 256);
        bundle += static_cast<char>(entries[i].size() % 256);
        bundle += entries[i];
        tile += naive_root(entries, i, i + 1);
      }
      write_tile("entries", start / 256, width, bundle);
      write_tile("0", start / 256, width, tile);
    }
    std::string level_1;
    for (std::size_t start = 0; start + 256 <= count; start += 256) {
      level_1 += naive_root(entries, start, start + 256);
    }
    if (!level_1.empty()) write_tile("1", 0, level_1.size() / 32, level_1);
    std::string text = "knhk/test\n" + std::to_string(count) + '\n';
    text += to_base64(naive_root(entries, 0, count)) + '\n';
    spill(root_ / "log/checkpoint", *sign_note(text, "knhk/test", key_));
    return manifest;
  }
  void write_tile(const char* level, std::size_t index, std::size_t width,
                  const std::string& bytes) const {
    fs::path path = root_ / "log/tile" / level / ("00" + std::to_string(index));
    if (width < 256) path = path.string() + ".p/" + std::to_string(width);
    fs::create_directories(path.parent_path());
    spill(path, bytes);
  }
  // Changes a byte of each file of the log at every `stride`-th place: each is found and named.
  std::size_t flip_bytes(std::size_t places_per_file) const {
    std::size_t flips = 0;
    for (const auto& [path, bytes] : contents(root_ / "log")) {
      const std::size_t stride = std::max<std::size_t>(1, bytes.size() / places_per_file);
      for (std::size_t at = 0; at < bytes.size(); at += stride, ++flips) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        spill(root_ / "log" / path, changed);
        expect_found(path);
      }
      for (std::string other : {bytes.substr(0, bytes.size() - 1), bytes, std::string()}) {
        if (other == bytes) other += 'x';
        spill(root_ / "log" / path, other);
        EXPECT_FALSE(log().audit()) << path;
      }
      spill(root_ / "log" / path, bytes);
    }
    return flips;
  }
  void expect_found(const std::string& path) const {
    const auto read = log().audit();
    ASSERT_FALSE(read) << path;
    const Errc code = read.error().code;
    const bool checkpoint = path == "checkpoint";
    EXPECT_TRUE(code == Errc::log_damaged ||
                (checkpoint && (code == Errc::signature_invalid || code == Errc::untrusted_key)))
        << path << ": " << to_string(read.error());
    // A changed entry that still reads shows in the tile of its hash.
    const std::string& where = read.error().where;
    const bool named = where.find("log/" + path) != std::string::npos ||
                       (path.starts_with("tile/entries/") && where.starts_with("log/tile/0/"));
    EXPECT_TRUE(named) << path << ": " << to_string(read.error());
  }
};

TEST_F(PromotionLogTest, is_empty_at_first) {
  const auto read = log().read();
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->size(), 0U);
  EXPECT_EQ(read->root(), crypto::sha256(""));
  EXPECT_EQ(read->head("stable"), nullptr);
}

TEST_F(PromotionLogTest, has_these_files_after_the_first_commit) {
  const Digest manifest = admit("v1");
  const auto committed = promote("v1", manifest);
  ASSERT_TRUE(committed) << to_string(committed.error());
  EXPECT_EQ(committed->index, 0U);
  EXPECT_EQ(committed->tree_size, 1U);
  EXPECT_TRUE(committed->durable);
  EXPECT_TRUE(committed->tags_updated);
  const std::string entry =
      R"({"version":1,"channel":"stable","epoch":1,"action":"promote","snapshot":")" +
      id_of("v1").to_string() + R"(","manifest":")" + manifest.to_string() +
      R"(","previous":null,"actor":"someone@somewhere","reason":"because",)"
      R"("time":"2026-01-31T09:04:05Z"})";
  const auto files = contents(root_ / "log");
  ASSERT_EQ(files.size(), 3U);
  std::string bundle;
  bundle += static_cast<char>(entry.size() / 256);
  bundle += static_cast<char>(entry.size() % 256);
  EXPECT_EQ(files.at("tile/entries/000.p/1"), bundle + entry);
  const Digest leaf = crypto::sha256(std::string(1, '\0').append(entry));
  const std::string raw(leaf.bytes.begin(), leaf.bytes.end());
  EXPECT_EQ(files.at("tile/0/000.p/1"), raw);
  EXPECT_TRUE(
      checkpoint().starts_with("knhk/test\n1\n" + to_base64(raw) + "\n\n\xE2\x80\x94 knhk/test "))
      << checkpoint();
  EXPECT_NE(slurp(root_ / "index.json").find(R"("org.opencontainers.image.ref.name":"stable")"),
            std::string::npos);
}

TEST_F(PromotionLogTest, gives_each_channel_its_own_growing_epochs) {
  const Digest v1 = admit("v1");
  const Digest v2 = admit("v2");
  ASSERT_TRUE(promote("v1", v1));
  ASSERT_TRUE(promote("v2", v2));
  auto beta = log().begin(request("v2", v2, "try", "beta"));
  ASSERT_TRUE(beta);
  EXPECT_EQ(beta->epoch(), 1U);
  EXPECT_TRUE(beta->previous().is_zero());
  ASSERT_TRUE(beta->commit(key_));
  beta = Result<PendingEntry>(tl::unexpected(Error{}));
  EntryRequest back = request("v1", v1, "v2 was bad");
  back.action = Action::roll_back;
  auto pending = log().begin(back);
  ASSERT_TRUE(pending) << to_string(pending.error());
  EXPECT_EQ(pending->epoch(), 3U);
  EXPECT_EQ(pending->previous(), id_of("v2"));
  EXPECT_EQ(pending->index(), 3U);
  EXPECT_EQ(pending->history().size(), 3U);
  const LogEntry entry = pending->entry();
  ASSERT_TRUE(pending->commit(key_));
  const auto read = log().read();
  ASSERT_TRUE(read);
  EXPECT_EQ(*read->head("stable"), entry);
  EXPECT_EQ(read->head("stable")->snapshot, id_of("v1"));
  EXPECT_EQ(read->head("beta")->snapshot, id_of("v2"));
  EXPECT_EQ(read->at_epoch("stable", 2)->snapshot, id_of("v2"));
  EXPECT_EQ(read->at_epoch("stable", 4), nullptr);
  EXPECT_TRUE(read->contains(3, entry));
  EXPECT_FALSE(read->contains(2, entry));
  EXPECT_FALSE(read->contains(4, entry));
  EXPECT_EQ(read->heads().size(), 2U);
}

TEST_F(PromotionLogTest, takes_a_channel_back_to_nothing) {
  ASSERT_TRUE(promote("v1", admit("v1")));
  EntryRequest back;
  back.channel = "stable";
  back.action = Action::roll_back;
  auto pending = log().begin(back);
  ASSERT_TRUE(pending) << to_string(pending.error());
  ASSERT_TRUE(pending->commit(key_));
  const auto read = log().read();
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->head("stable")->snapshot.is_zero());
  EXPECT_EQ(read->head("stable")->epoch, 2U);
  EXPECT_EQ(slurp(root_ / "index.json").find(R"("stable")"), std::string::npos);
}

TEST_F(PromotionLogTest, leaves_nothing_when_an_entry_is_dropped) {
  const Digest v1 = admit("v1");
  ASSERT_TRUE(promote("v1", v1));
  const auto before = contents(root_);
  {
    const auto pending = log().begin(request("v1", v1));
    ASSERT_TRUE(pending);
    EXPECT_EQ(log().begin(request("v1", v1)).error().code, Errc::store_locked);
    EXPECT_EQ(store().lock().error().code, Errc::store_locked);
  }
  EXPECT_EQ(contents(root_), before);
  EXPECT_TRUE(log().begin(request("v1", v1)));
}

TEST_F(PromotionLogTest, commits_an_entry_once) {
  auto pending = log().begin(request("v1", admit("v1")));
  ASSERT_TRUE(pending);
  ASSERT_TRUE(pending->commit(key_));
  EXPECT_EQ(pending->commit(key_).error().code, Errc::usage);
  EXPECT_EQ(log().read()->size(), 1U);
}

TEST_F(PromotionLogTest, refuses_requests_that_no_entry_can_hold) {
  const Digest v1 = admit("v1");
  const auto code = [&](const EntryRequest& wrong) { return log().begin(wrong).error().code; };
  EXPECT_EQ(code(request("v1", v1, std::string(70'000, 'r'))), Errc::limit_exceeded);
  EXPECT_EQ(code(request("v1", v1, "\xff")), Errc::invalid_encoding);
  EXPECT_EQ(code(request("v1", v1, "r", "")), Errc::usage);
  EXPECT_EQ(code(request("v1", v1, "r", "../x")), Errc::usage);
  EXPECT_EQ(code(request("v1", crypto::sha256("none"))), Errc::blob_missing);
  EXPECT_EQ(code(request("v2", v1)), Errc::member_mismatch);
  EXPECT_EQ(log().read()->size(), 0U);
}

// A manifest may claim the id that stands for "nothing" in an entry; the log could not be read
// then.
TEST_F(PromotionLogTest, takes_no_manifest_for_the_state_of_nothing) {
  Manifest manifest;
  manifest.created = "2026-01-31T09:04:05Z";
  const auto digest = store().put_manifest(manifest);
  ASSERT_TRUE(digest);
  const EntryRequest nothing{"stable", Action::promote, SnapshotId{}, *digest, "a", "r"};
  EXPECT_EQ(log().begin(nothing).error().code, Errc::member_mismatch);
}

TEST_F(PromotionLogTest, is_signed_only_with_a_key_that_its_readers_trust) {
  const auto p256 = crypto::PrivateKey::generate_p256();
  ASSERT_TRUE(p256);
  receipts::TrustedKeys keys = trusting(key_);
  keys.add(p256->public_key());
  const auto before = contents(root_ / "log");
  auto pending = PromotionLog(store(), keys).begin(request("v1", admit("v1")));
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->commit(new_key()).error().code, Errc::untrusted_key);
  EXPECT_EQ(pending->commit(*p256).error().code, Errc::key_malformed);
  EXPECT_EQ(contents(root_ / "log"), before);
  EXPECT_TRUE(pending->commit(key_));  // and may still be committed
}

TEST_F(PromotionLogTest, is_believed_only_when_a_trusted_key_signed_it) {
  ASSERT_TRUE(promote("v1", admit("v1")));
  EXPECT_EQ(PromotionLog(store(), trusting(new_key())).read().error().code, Errc::untrusted_key);
  EXPECT_EQ(PromotionLog(store(), {}).read().error().code, Errc::untrusted_key);
  // The same key under another store's name is another log.
  auto other = Store::create(folder_.path() / "other", "other");
  ASSERT_TRUE(other);
  fs::copy(root_ / "log", other->path() / "log", fs::copy_options::recursive);
  EXPECT_EQ(PromotionLog(*other, trusting(key_)).read().error().code, Errc::untrusted_key);
}

TEST_F(PromotionLogTest, fills_its_first_tile) {
  const Digest v1 = start_with(254);
  append(1, v1);
  EXPECT_TRUE(fs::exists(root_ / "log/tile/0/000.p/255"));
  EXPECT_FALSE(fs::exists(root_ / "log/tile/1"));
  append(1, v1);
  EXPECT_EQ(slurp(root_ / "log/tile/0/000").size(), 256U * 32U);
  EXPECT_EQ(slurp(root_ / "log/tile/1/000.p/1").size(), 32U);
  // What the full ones replace may go, and does.
  EXPECT_FALSE(fs::exists(root_ / "log/tile/0/000.p"));
  EXPECT_FALSE(fs::exists(root_ / "log/tile/entries/000.p"));
  EXPECT_EQ(log().audit()->size(), 256U);
}

TEST_F(PromotionLogTest, crosses_full_tiles) {
  append(6, start_with(510));
  const auto read = log().audit();
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->size(), 516U);
  EXPECT_EQ(read->head("odd")->epoch, 258U);
  std::vector<std::string> entries;
  for (const char* const file : {"000", "001", "002.p/4"}) {
    for (std::string& entry : raw_entries(root_ / "log/tile/entries" / file)) {
      entries.push_back(std::move(entry));
    }
  }
  ASSERT_EQ(entries.size(), 516U);
  const std::string root = naive_root(entries, 0, entries.size());
  EXPECT_TRUE(checkpoint().starts_with("knhk/test\n516\n" + to_base64(root) + "\n\n"));
  EXPECT_EQ(std::string(read->root().bytes.begin(), read->root().bytes.end()), root);
  EXPECT_EQ(slurp(root_ / "log/tile/1/000.p/2"),
            naive_root(entries, 0, 256) + naive_root(entries, 256, 512));
}

TEST_F(PromotionLogTest, ignores_what_an_append_that_was_cut_off_left) {
  const Digest v1 = start_with(255);
  const auto good = log().read();
  ASSERT_TRUE(good);
  // The next append wrote its files, other entries in them, and died before its checkpoint.
  spill(root_ / "log/tile/entries/000", "nonsense");
  spill(root_ / "log/tile/0/000", std::string(8192, 'x'));
  fs::create_directories(root_ / "log/tile/1/000.p");
  spill(root_ / "log/tile/1/000.p/1", std::string(32, 'x'));
  spill(root_ / "log/.tmp-999999-4", "half a checkpoint");
  const auto read = log().audit();
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->root(), good->root());
  append(2, v1);
  EXPECT_EQ(log().audit()->size(), 257U);
  EXPECT_FALSE(fs::exists(root_ / "log/.tmp-999999-4"));
}

TEST_F(PromotionLogTest, is_read_through_full_tiles_where_partial_ones_are_gone) {
  const Digest v1 = start_with(255);
  const std::string older = checkpoint();
  append(1, v1);
  spill(root_ / "log/checkpoint", older);  // as a reader that has the older one still
  const auto read = log().read();
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->size(), 255U);
}

TEST_F(PromotionLogTest, names_the_file_in_which_any_byte_was_changed) {
  append(3, admit("v1"));
  ASSERT_TRUE(log().audit());
  EXPECT_GT(flip_bytes(1'000'000), 2000U);  // every byte
  EXPECT_TRUE(log().audit());
}

TEST_F(PromotionLogTest, names_the_file_that_was_changed_among_full_tiles) {
  append(3, start_with(255));
  ASSERT_TRUE(log().audit());
  EXPECT_GT(flip_bytes(10), 80U);
  EXPECT_TRUE(log().audit());
}

TEST_F(PromotionLogTest, misses_files_that_were_deleted) {
  append(3, admit("v1"));
  for (const char* const file : {"tile/entries/000.p/3", "tile/0/000.p/3", "checkpoint"}) {
    const std::string bytes = slurp(root_ / "log" / file);
    fs::remove(root_ / "log" / file);
    const auto read = log().read();
    ASSERT_FALSE(read) << file;
    EXPECT_EQ(read.error().code, Errc::log_damaged);
    EXPECT_EQ(read.error().where, std::string("log/") + file);
    EXPECT_EQ(log().begin(request("v1", admit("v1"))).error().code, Errc::log_damaged);
    spill(root_ / "log" / file, bytes);
  }
}

TEST_F(PromotionLogTest, does_not_believe_a_writer_whose_entries_contradict_each_other) {
  const Digest v1 = admit("v1");
  ASSERT_TRUE(promote("v1", v1));
  ASSERT_TRUE(promote("v1", v1));
  // A tree that is well made and signed, in which the epoch does not grow.
  auto read = log().read();
  ASSERT_TRUE(read);
  LogEntry second = read->entries()[1];
  second.epoch = 1;
  const std::string first_json = *to_json(read->entries()[0]);
  const std::string second_json = *to_json(second);
  std::string bundle;
  std::string tile;
  std::vector<std::string> entries{first_json, second_json};
  for (const std::string& entry : entries) {
    bundle += static_cast<char>(entry.size() / 256);
    bundle += static_cast<char>(entry.size() % 256);
    bundle += entry;
    tile += naive_root({entry}, 0, 1);
  }
  spill(root_ / "log/tile/entries/000.p/2", bundle);
  spill(root_ / "log/tile/0/000.p/2", tile);
  const std::string text = "knhk/test\n2\n" + to_base64(naive_root(entries, 0, 2)) + "\n";
  spill(root_ / "log/checkpoint", *sign_note(text, "knhk/test", key_));
  const auto refused = log().read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::log_damaged);
  EXPECT_NE(refused.error().detail.find("does not grow"), std::string::npos);
}

TEST_F(PromotionLogTest, is_read_while_it_is_written) {
  const Digest v1 = start_with(255);
  std::uint64_t last = 0;
  bool backward = false;
  std::uint64_t failures = 0;
  {
    std::jthread reader([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const auto read = log().read();
        failures += read ? 0 : 1;
        if (!read) continue;
        backward = backward || read->size() < last;
        last = read->size();
      }
    });
    append(9, v1);  // across the end of a tile
  }
  EXPECT_EQ(failures, 0U);
  EXPECT_FALSE(backward);
  EXPECT_GE(last, 255U);
}

}  // namespace
}  // namespace knhk::store
