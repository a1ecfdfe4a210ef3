#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/clock.hpp"
#include "knhk/crypto/key.hpp"
#include "knhk/promotion/invariants_preserved.hpp"
#include "knhk/promotion/testing/note_domain.hpp"
#include "knhk/receipts/receipt.hpp"

namespace knhk::promotion::testing {

/// The value of `result`; a test that needs it can't go on without.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return *std::move(result);
}

inline std::chrono::system_clock::time_point a_day() {
  return std::chrono::system_clock::time_point(std::chrono::seconds(1'795'392'000));
}

/// A key that is trusted, and evidence signed with it for notes made of a text.
struct EvidenceMaker {
  crypto::PrivateKey key = must(crypto::PrivateKey::generate_ed25519());
  receipts::TrustedKeys keys;
  ManualClock clock{a_day()};

  EvidenceMaker() { keys.add(key.public_key()); }

  [[nodiscard]] std::shared_ptr<const Note> note(std::string_view text) const {
    return std::make_shared<const Note>(id_of(text), std::vector<Digest>{crypto::sha256(text)},
                                        std::string(text));
  }
  [[nodiscard]] receipts::Receipt receipt(std::string_view text) const {
    receipts::Receipt receipt;
    receipt.snapshot = id_of(text);
    receipt.domain = "note";
    receipt.compiler = "note/1";
    receipt.time = to_rfc3339(clock.now());
    receipt.artifacts = {{"note.txt", crypto::sha256(text)}};
    for (std::size_t i = 0; i < receipt.invariants.size(); ++i) {
      receipt.invariants[i] = {std::string("Q").append(std::to_string(i + 1)),
                               "made to order",
                               receipts::Outcome::passed,
                               "",
                               {}};
    }
    return receipt;
  }
  [[nodiscard]] VerifyOptions options() const {
    VerifyOptions options;
    options.clock = &clock;
    return options;
  }
  [[nodiscard]] Result<InvariantsPreserved<Note>> verify(const receipts::Receipt& sealed,
                                                         std::shared_ptr<const Note> artifacts,
                                                         const SnapshotId& wanted) const {
    return InvariantsPreserved<Note>::verify(keys, must(receipts::seal(sealed, key)), wanted,
                                             std::move(artifacts), options());
  }
  [[nodiscard]] InvariantsPreserved<Note> proof(std::string_view text) const {
    return must(verify(receipt(text), note(text), id_of(text)));
  }
};

}  // namespace knhk::promotion::testing
