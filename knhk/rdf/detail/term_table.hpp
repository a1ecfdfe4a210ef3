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
/// Threads: `find` and `term` may run at once; `intern` excludes all else.
class TermTable {
 public:
  /// The number of `term`, given to it now when it has none yet. `kNoTerm` when the term is new and
  /// there are `max_terms` already, or its text is 4 GiB or longer.
  [[nodiscard]] TermId intern(const Term& term, std::uint32_t max_terms);
  /// The number of `term`, or `kNoTerm`.
  [[nodiscard]] TermId find(const Term& term) const noexcept;
  /// Requires: `id` came from `intern`.
  [[nodiscard]] Term term(TermId id) const noexcept;
  [[nodiscard]] TermKind kind(TermId id) const noexcept {
    return static_cast<TermKind>(records_[index_of(id)].kind_and_suffix >> kSuffixBits);
  }
  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }
  [[nodiscard]] std::size_t size_bytes() const noexcept;

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

  // A literal's datatype, or `@` and its language tag. kNoSuffix when unknown.
  [[nodiscard]] std::uint32_t find_suffix(const Term& term) const noexcept;
  [[nodiscard]] std::uint32_t intern_suffix(const Term& term);
  [[nodiscard]] TermId lookup(const Term& term, std::uint32_t suffix,
                              std::uint32_t hash) const noexcept;
  void grow();

  TextArena arena_;
  std::vector<Record> records_;
  std::vector<Slot> slots_;  // size is zero or a power of two; linear probing, at most 5/8 full
  std::vector<std::string_view> datatypes_;
  std::vector<std::string_view> languages_;
  // Suffix numbers: datatypes even, language tags odd.
  std::unordered_map<std::string_view, std::uint32_t> datatype_numbers_;
  std::unordered_map<std::string_view, std::uint32_t> language_numbers_;
};

}  // namespace knhk::rdf::detail
