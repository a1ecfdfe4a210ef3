#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/base/cancellation.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/promotion/domain.hpp"

namespace knhk::promotion::testing {

inline SnapshotId id_of(std::string_view text) { return SnapshotId{crypto::sha256(text).bytes}; }

/// Artifacts of the smallest domain there is: a text. They can be told to forget whose they are, as
/// memory that was overwritten would.
class Note {
 public:
  Note(const SnapshotId& id, std::vector<Digest> blobs, std::string text)
      : id_(id), blobs_(std::move(blobs)), text_(std::move(text)) {}

  [[nodiscard]] SnapshotId snapshot_id() const noexcept {
    return lies_.load(std::memory_order_relaxed) ? SnapshotId{} : id_;
  }
  [[nodiscard]] const std::vector<Digest>& blob_digests() const noexcept { return blobs_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  void lie() const noexcept { lies_.store(true, std::memory_order_relaxed); }

 private:
  SnapshotId id_;
  std::vector<Digest> blobs_;
  std::string text_;
  mutable std::atomic<bool> lies_{false};
};

/// A domain whose content says what shall go wrong with it: `unreadable`, `enormous`, `nameless`,
/// `uncompilable`, `badname`, `unjudgeable`, `unloadable`, `Q1` to `Q4`.
class NoteDomain {
 public:
  using Parsed = std::string;
  using Artifacts = Note;

  [[nodiscard]] std::string_view name() const noexcept { return "note"; }
  [[nodiscard]] std::string_view compiler_version() const noexcept { return version; }

  [[nodiscard]] Result<Parsed> parse(std::span<const Source> sources) const {
    std::string text;
    for (const Source& source : sources) text += source.bytes;
    if (text.find("unreadable") != text.npos) return refuse(Errc::syntax_error);
    if (text.find("enormous") != text.npos) throw std::bad_alloc();
    return text;
  }
  [[nodiscard]] Result<SnapshotId> id(const Parsed& text) const {
    if (text.find("nameless") != text.npos) return refuse(Errc::work_limit);
    return id_of(text);
  }
  [[nodiscard]] Result<std::vector<Blob>> compile(const Parsed& text,
                                                  const std::stop_token& stop) const {
    if (while_compiling) while_compiling(text, stop);
    if (Status go = check_not_stopped(stop, "note"); !go) return forward_error(std::move(go));
    if (text.find("uncompilable") != text.npos) return refuse(Errc::unsupported_construct);
    const std::string second = text.find("badname") != text.npos ? "note.txt" : "length.txt";
    return std::vector<Blob>{{"note.txt", "text/plain", text},
                             {second, "text/plain", std::to_string(text.size())}};
  }
  [[nodiscard]] Result<receipts::InvariantResults> validate(
      const Parsed& text, std::span<const Blob> blobs, const ValidationContext& context) const {
    static_cast<void>(blobs);
    if (text.find("unjudgeable") != text.npos) return refuse(Errc::ill_formed_shapes);
    receipts::InvariantResults results;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string invariant = std::string("Q").append(std::to_string(i + 1));
      const bool fails = text.find(invariant) != text.npos;
      results[i] = {invariant,
                    "made to order",
                    fails ? receipts::Outcome::failed : receipts::Outcome::passed,
                    fails ? "the text says so" : "",
                    {}};
    }
    results[4] = judge_provenance(context);
    return results;
  }
  [[nodiscard]] Result<std::shared_ptr<const Note>> load(const SnapshotId& snapshot,
                                                         std::vector<VerifiedBlob> blobs) const {
    std::vector<Digest> digests;
    for (const VerifiedBlob& blob : blobs) digests.push_back(blob.digest());
    std::string text = std::move(blobs.front()).take_bytes();
    if (text.find("unloadable") != text.npos) return refuse(Errc::index_damaged);
    auto note = std::make_shared<const Note>(snapshot, std::move(digests), std::move(text));
    if (last_loaded != nullptr) *last_loaded = note;
    return note;
  }

  std::string_view version = "note/1";
  std::shared_ptr<const Note>* last_loaded = nullptr;  ///< where `load` leaves what it made
  /// Called in the middle of `compile`, for instance to wait there.
  std::function<void(const std::string& text, const std::stop_token& stop)> while_compiling;

 private:
  [[nodiscard]] static tl::unexpected<Error> refuse(Errc code) {
    return fail(code, "note", "made to order");
  }
};

static_assert(explain_domain<NoteDomain>());
static_assert(Domain<NoteDomain>);

/// A folder that is gone when the test is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "knhk-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace knhk::promotion::testing
