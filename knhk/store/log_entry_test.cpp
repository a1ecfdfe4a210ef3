#include "knhk/store/log_entry.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "knhk/crypto/hash.hpp"

namespace knhk::store {
namespace {

LogEntry example() {
  LogEntry entry;
  entry.channel = "stable";
  entry.epoch = 3;
  entry.action = Action::roll_back;
  entry.snapshot = {crypto::sha256("snapshot").bytes};
  entry.manifest = crypto::sha256("manifest");
  entry.previous = {crypto::sha256("previous").bytes};
  entry.actor = "someone@somewhere";
  entry.reason = "it said \"no\"\n\xE2\x80\x94";
  entry.time = "2026-01-31T09:04:05Z";
  return entry;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// These bytes are hashed into trees that exist: they cannot change.
TEST(LogEntry, has_exactly_these_bytes) {
  EXPECT_EQ(
      *to_json(example()),
      R"({"version":1,"channel":"stable","epoch":3,"action":"rollback",)"
      R"("snapshot":"sha256:16a0eeb0791b6c92451fd284dd9f599e0a7dbe7f6ebea6e2d2d06c7f74aec112",)"
      R"("manifest":"sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f",)"
      R"("previous":"sha256:6da0633528deaa0144e7b058315f0b753ec0b945163a72bf96a0d18180f9de0d",)"
      R"("actor":"someone@somewhere","reason":"it said \"no\"\n)"
      "\xE2\x80\x94"
      R"(","time":"2026-01-31T09:04:05Z"})");
  LogEntry nothing = example();
  nothing.snapshot = {};
  nothing.manifest = {};
  nothing.previous = {};
  nothing.action = Action::promote;
  nothing.reason.clear();
  EXPECT_EQ(*to_json(nothing),
            R"({"version":1,"channel":"stable","epoch":3,"action":"promote","snapshot":null,)"
            R"("manifest":null,"previous":null,"actor":"someone@somewhere","reason":"",)"
            R"("time":"2026-01-31T09:04:05Z"})");
}

TEST(LogEntry, comes_back_as_it_was) {
  LogEntry entry = example();
  EXPECT_EQ(*parse_log_entry(*to_json(entry), "x"), entry);
  entry.snapshot = {};
  entry.manifest = {};
  EXPECT_EQ(*parse_log_entry(*to_json(entry), "x"), entry);
}

TEST(LogEntry, too_long_for_a_tile_is_limit_exceeded) {
  LogEntry entry = example();
  entry.reason.clear();
  const std::size_t room = kMaxEntryBytes - to_json(entry)->size();
  entry.reason = std::string(room, 'r');
  const auto fits = to_json(entry);
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->size(), kMaxEntryBytes);
  EXPECT_EQ(*parse_log_entry(*fits, "x"), entry);
  entry.reason += 'r';
  EXPECT_EQ(to_json(entry).error().code, Errc::limit_exceeded);
}

TEST(LogEntry, that_is_not_utf8_is_invalid_encoding) {
  LogEntry entry = example();
  entry.reason.push_back(static_cast<char>(0xFF));
  EXPECT_EQ(to_json(entry).error().code, Errc::invalid_encoding);
}

TEST(LogEntry, spelled_otherwise_is_log_damaged) {
  const std::string json = *to_json(example());
  const auto refused = [&](const std::string& text) {
    const auto entry = parse_log_entry(text, "log/x");
    ASSERT_FALSE(entry) << text;
    EXPECT_EQ(entry.error().code, Errc::log_damaged) << text;
    EXPECT_EQ(entry.error().where, "log/x");
  };
  refused("");
  refused("{}");
  refused(json + "\n");
  refused(std::string(" ").append(json));
  refused(with(json, R"("epoch":3,)", ""));
  refused(with(json, R"("epoch":3)", R"("epoch":0)"));
  refused(with(json, R"("epoch":3)", R"("epoch":-3)"));
  refused(with(json, R"("epoch":3)", R"("epoch":3.0)"));
  refused(with(json, R"("epoch":3)", R"("epoch": 3)"));
  refused(with(json, R"("version":1)", R"("version":2)"));
  refused(with(json, "rollback", "roll_back"));
  refused(with(json, "stable", "sta/ble"));
  refused(with(json, "stable", "st\\u0061ble"));
  refused(with(json, R"("time")", R"("more":1,"time")"));
  refused(with(json, R"("epoch":3)", R"("epoch":3,"epoch":3)"));  // P43
  refused(with(json, R"("actor":"someone@somewhere","reason")", R"("reason":"","actor")"));
  refused(with(json, "2026-01-31", "2026-01-41"));
}

TEST(LogEntry, survives_hostile_bytes) {
  std::mt19937 random(5);  // fixed, so that a failure comes back
  const std::string json = *to_json(example());
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = json;
    changed[random() % changed.size()] = static_cast<char>(random());
    if (random() % 4 == 0) changed.resize(random() % changed.size());
    const auto entry = parse_log_entry(changed, "x");
    refused += entry ? 0 : 1;
    EXPECT_TRUE(!entry || *to_json(*entry) == changed);
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace knhk::store
