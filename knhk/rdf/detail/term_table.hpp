#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knhk/rdf/detail/text_arena.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// Terms to numbers and back: an arena for the text, 16 bytes a term, an open-addressing hash of
/// numbers. Datatypes and language tags are kept once each.
///
/// Threads: `find` and `term` may run at once; `intern` and `absorb` exclude all else.
class TermTable {
 public:
  TermTable() = default;
  /// Text that lies within `lasting` is not copied. Requires: `lasting` outlives the table.
  explicit TermTable(std::string_view lasting) : lasting_(lasting) {}

  /// The number of `term`, given to it now when it has none yet. `kNoTerm` when the term is new and
  /// there are `max_terms` already, or its text is 4 GiB or longer.
  [[nodiscard]] TermId intern(const Term& term, std::uint32_t max_terms);
  /// Interns all terms of `other` in the order of their numbers.
  /// Returns: by their number there, their number here, as `intern` would give it.
  [[nodiscard]] std::vector<TermId> absorb(const TermTable& other, std::uint32_t max_terms);
  /// The number of `term`, or `kNoTerm`.
  [[nodiscard]] TermId find(const Term& term) const noexcept;
  /// Requires: `id` came from `intern`.
  [[nodiscard]] Term term(TermId id) const noexcept;
  [[nodiscard]] TermKind kind(TermId id) const noexcept {
    return static_cast<TermKind>(records_[index_of(id)].kind_and_suffix >> kSuffixBits);
  }
  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }
  [[nodiscard]] std::size_t size_bytes() const noexcept;
  /// Gives back memory that was held for terms to come.
  void shrink_to_fit() { records_.shrink_to_fit(); }

 private:
  static constexpr unsigned kSuffixBits = 30;
  static constexpr std::uint32_t kSuffixMask = (1U << kSuffixBits) - 1;
  static constexpr std::uint32_t kNoSuffix = kSuffixMask;

  struct Record {
    const char* text;
    std::uint32_t text_size;
    std::uint32_t kind_and_suffix;  // the kind in the upper 2 bits; literals: index into suffixes_
  };
  struct Slot {
    std::uint32_t hash = 0;
    TermId id = kNoTerm;  // kNoTerm: free
  };
  // A literal's datatype, or its language tag.
  struct Suffix {
    std::string_view text;
    bool is_language;
    std::uint64_t seed;  // of the hashes of its literals; the same in every table
  };

  [[nodiscard]] std::uint32_t find_suffix(std::string_view text, bool is_language) const noexcept;
  [[nodiscard]] std::uint32_t intern_suffix(std::string_view text, bool is_language);
  [[nodiscard]] std::uint64_t seed_of(std::uint32_t kind_and_suffix) const noexcept;
  [[nodiscard]] std::uint32_t hash_of(std::string_view text,
                                      std::uint32_t kind_and_suffix) const noexcept;
  // The slot of the term, or the free one where it belongs. Requires: there is a free slot.
  [[nodiscard]] std::size_t slot_of(std::string_view text, std::uint32_t kind_and_suffix,
                                    std::uint32_t hash) const noexcept;
  [[nodiscard]] TermId intern_hashed(std::string_view text, std::uint32_t kind_and_suffix,
                                     std::uint32_t hash, std::uint32_t max_terms);
  [[nodiscard]] std::string_view keep(std::string_view text);
  void grow();

  std::string_view lasting_;
  TextArena arena_;
  std::vector<Record> records_;
  std::vector<Slot> slots_;  // size is zero or a power of two; linear probing, at most 3/4 full
  std::vector<Suffix> suffixes_;
  // By text: datatypes, language tags.
  std::unordered_map<std::string_view, std::uint32_t> suffix_numbers_[2];
};

}  // namespace knhk::rdf::detail
