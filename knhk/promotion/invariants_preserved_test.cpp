#include "knhk/promotion/invariants_preserved.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "knhk/promotion/testing/evidence_maker.hpp"

namespace knhk::promotion {
namespace {

using namespace std::chrono_literals;
using testing::EvidenceMaker;
using testing::id_of;
using testing::must;
using testing::Note;
using Proof = InvariantsPreserved<Note>;

static_assert(!std::is_default_constructible_v<Proof>);
static_assert(!std::is_constructible_v<Proof, receipts::Receipt, std::shared_ptr<const Note>>);

Errc code_of(const Result<Proof>& result) {
  EXPECT_FALSE(result) << "must be refused";
  return result ? Errc::usage : result.error().code;
}

TEST(InvariantsPreserved, owns_what_a_trusted_receipt_vouches_for) {
  const EvidenceMaker maker;
  auto note = maker.note("hello");
  const Note* address = note.get();
  const auto proof = maker.verify(maker.receipt("hello"), std::move(note), id_of("hello"));
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->artifacts().get(), address);
  EXPECT_EQ(proof->snapshot(), id_of("hello"));
  EXPECT_EQ(proof->receipt(), maker.receipt("hello"));
}

TEST(InvariantsPreserved, refuses_a_forged_receipt) {
  const EvidenceMaker maker;
  std::string envelope = must(receipts::seal(maker.receipt("hello"), maker.key));
  const std::string other = must(receipts::seal(maker.receipt("other"), maker.key));
  const auto payload_of = [](const std::string& json) {
    const std::size_t begin = json.find("\"payload\":\"") + 11;
    return json.substr(begin, json.find('"', begin) - begin);
  };
  const std::string mine = payload_of(envelope);
  envelope.replace(envelope.find(mine), mine.size(), payload_of(other));
  EXPECT_EQ(code_of(Proof::verify(maker.keys, envelope, id_of("other"), maker.note("other"),
                                  maker.options())),
            Errc::signature_invalid);
  EXPECT_EQ(code_of(Proof::verify(maker.keys, "no envelope", id_of("other"), maker.note("other"),
                                  maker.options())),
            Errc::malformed_evidence);
}

TEST(InvariantsPreserved, refuses_a_receipt_that_an_untrusted_key_signed_for_itself) {
  const EvidenceMaker maker;
  const EvidenceMaker stranger;
  const std::string envelope = must(receipts::seal(stranger.receipt("hello"), stranger.key));
  EXPECT_EQ(code_of(Proof::verify(maker.keys, envelope, id_of("hello"), maker.note("hello"),
                                  maker.options())),
            Errc::untrusted_key);
  EXPECT_EQ(
      code_of(Proof::verify({}, envelope, id_of("hello"), maker.note("hello"), maker.options())),
      Errc::untrusted_key);
}

TEST(InvariantsPreserved, refuses_a_receipt_of_another_snapshot) {
  const EvidenceMaker maker;
  EXPECT_EQ(code_of(maker.verify(maker.receipt("other"), maker.note("hello"), id_of("hello"))),
            Errc::receipt_mismatch);
}

TEST(InvariantsPreserved, refuses_artifacts_of_another_snapshot) {
  const EvidenceMaker maker;
  const auto other = std::make_shared<const Note>(
      id_of("other"), std::vector<Digest>{crypto::sha256("hello")}, "hello");
  EXPECT_EQ(code_of(maker.verify(maker.receipt("hello"), other, id_of("hello"))),
            Errc::receipt_mismatch);
}

TEST(InvariantsPreserved, refuses_artifacts_loaded_from_blobs_that_the_receipt_does_not_name) {
  const EvidenceMaker maker;
  const auto note_from = [](std::vector<Digest> blobs) {
    return std::make_shared<const Note>(id_of("hello"), std::move(blobs), "hello");
  };
  const Digest named = crypto::sha256("hello");
  for (const auto& note : {note_from({crypto::sha256("else")}),
                           note_from({named, crypto::sha256("else")}), note_from({})}) {
    EXPECT_EQ(code_of(maker.verify(maker.receipt("hello"), note, id_of("hello"))),
              Errc::receipt_mismatch);
  }
  EXPECT_EQ(code_of(maker.verify(maker.receipt("hello"), nullptr, id_of("hello"))),
            Errc::receipt_mismatch);
}

TEST(InvariantsPreserved, refuses_a_receipt_in_which_an_invariant_failed) {
  const EvidenceMaker maker;
  for (std::size_t i = 0; i < 5; ++i) {
    receipts::Receipt receipt = maker.receipt("hello");
    receipt.invariants[i].outcome = receipts::Outcome::failed;
    EXPECT_EQ(code_of(maker.verify(receipt, maker.note("hello"), id_of("hello"))),
              Errc::invariant_failed);
    receipt.invariants[i].outcome = receipts::Outcome::vacuous;
    EXPECT_TRUE(maker.verify(receipt, maker.note("hello"), id_of("hello")));
  }
}

TEST(InvariantsPreserved, refuses_a_receipt_from_the_moment_it_expires_P42) {
  EvidenceMaker maker;
  receipts::Receipt receipt = maker.receipt("hello");
  receipt.expires = to_rfc3339(maker.clock.now() + 60s);
  const auto verify = [&] { return maker.verify(receipt, maker.note("hello"), id_of("hello")); };
  maker.clock.advance(59s);
  EXPECT_TRUE(verify());
  maker.clock.advance(1s);
  EXPECT_EQ(code_of(verify()), Errc::receipt_stale);
}

TEST(InvariantsPreserved, refuses_a_receipt_older_than_the_caller_allows) {
  EvidenceMaker maker;
  const std::string envelope = must(receipts::seal(maker.receipt("hello"), maker.key));
  VerifyOptions options = maker.options();
  options.max_age = 3600s;
  const auto verify = [&] {
    return Proof::verify(maker.keys, envelope, id_of("hello"), maker.note("hello"), options);
  };
  maker.clock.advance(3600s);
  EXPECT_TRUE(verify());
  maker.clock.advance(1s);
  EXPECT_EQ(code_of(verify()), Errc::receipt_stale);
  options.accept_stale = true;
  EXPECT_TRUE(verify());
}

TEST(InvariantsPreserved, refuses_a_receipt_from_the_future_beyond_the_tolerance_P45) {
  EvidenceMaker maker;
  receipts::Receipt receipt = maker.receipt("hello");
  receipt.time = to_rfc3339(maker.clock.now() + 301s);
  const auto verify = [&] { return maker.verify(receipt, maker.note("hello"), id_of("hello")); };
  EXPECT_EQ(code_of(verify()), Errc::receipt_stale);
  maker.clock.advance(1s);
  EXPECT_TRUE(verify());
}

}  // namespace
}  // namespace knhk::promotion
