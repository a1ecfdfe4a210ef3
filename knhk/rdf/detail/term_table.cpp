#include "knhk/rdf/detail/term_table.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "knhk/rdf/detail/hash.hpp"

namespace knhk::rdf::detail {
namespace {

bool is_within(std::string_view part, std::string_view whole) noexcept {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

std::string_view suffix_text(const Term& term) noexcept {
  if (!term.language.empty()) return term.language;
  return term.datatype.empty() ? kStringDatatype : term.datatype;
}

}  // namespace

std::uint32_t TermTable::find_suffix(std::string_view text, bool is_language) const noexcept {
  const auto& numbers = suffix_numbers_[is_language ? 1 : 0];
  const auto found = numbers.find(text);
  return found == numbers.end() ? kNoSuffix : found->second;
}

std::uint32_t TermTable::intern_suffix(std::string_view text, bool is_language) {
  const std::uint32_t known = find_suffix(text, is_language);
  if (known != kNoSuffix) return known;
  const std::size_t number = suffixes_.size();
  if (number >= kNoSuffix) return kNoSuffix;
  const std::string_view kept = keep(text);
  suffixes_.push_back({kept, is_language, hash_text(kept, is_language ? 1 : 0)});
  suffix_numbers_[is_language ? 1 : 0].emplace(kept, static_cast<std::uint32_t>(number));
  return static_cast<std::uint32_t>(number);
}

std::uint64_t TermTable::seed_of(std::uint32_t kind_and_suffix) const noexcept {
  const std::uint32_t kind = kind_and_suffix >> kSuffixBits;
  if (static_cast<TermKind>(kind) != TermKind::literal) return kind + 2;
  return suffixes_[kind_and_suffix & kSuffixMask].seed;
}

std::uint32_t TermTable::hash_of(std::string_view text,
                                 std::uint32_t kind_and_suffix) const noexcept {
  return static_cast<std::uint32_t>(hash_text(text, seed_of(kind_and_suffix)) >> 32U);
}

std::size_t TermTable::slot_of(std::string_view text, std::uint32_t kind_and_suffix,
                               std::uint32_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNoTerm) return at;
    if (slot.hash != hash) continue;
    const Record& record = records_[index_of(slot.id)];
    if (record.kind_and_suffix == kind_and_suffix &&
        std::string_view(record.text, record.text_size) == text) {
      return at;
    }
  }
}

TermId TermTable::find(const Term& term) const noexcept {
  if (slots_.empty()) return kNoTerm;
  std::uint32_t tag = static_cast<std::uint32_t>(term.kind) << kSuffixBits;
  if (term.is_literal()) {
    const std::uint32_t suffix = find_suffix(suffix_text(term), !term.language.empty());
    if (suffix == kNoSuffix) return kNoTerm;
    tag |= suffix;
  }
  return slots_[slot_of(term.text, tag, hash_of(term.text, tag))].id;
}

std::string_view TermTable::keep(std::string_view text) {
  return is_within(text, lasting_) ? text : arena_.keep(text);
}

TermId TermTable::intern_hashed(std::string_view text, std::uint32_t kind_and_suffix,
                                std::uint32_t hash, std::uint32_t max_terms) {
  if ((records_.size() + 1) * 4 > slots_.size() * 3) grow();
  Slot& slot = slots_[slot_of(text, kind_and_suffix, hash)];
  if (slot.id != kNoTerm) return slot.id;
  if (records_.size() >= max_terms) return kNoTerm;
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) return kNoTerm;
  const std::string_view kept = keep(text);
  const TermId id{static_cast<std::uint32_t>(records_.size())};
  records_.push_back({kept.data(), static_cast<std::uint32_t>(kept.size()), kind_and_suffix});
  slot = {hash, id};
  return id;
}

TermId TermTable::intern(const Term& term, std::uint32_t max_terms) {
  std::uint32_t tag = static_cast<std::uint32_t>(term.kind) << kSuffixBits;
  if (term.is_literal()) {
    const std::uint32_t suffix = intern_suffix(suffix_text(term), !term.language.empty());
    if (suffix == kNoSuffix) return kNoTerm;
    tag |= suffix;
  }
  return intern_hashed(term.text, tag, hash_of(term.text, tag), max_terms);
}

std::vector<TermId> TermTable::absorb(const TermTable& other, std::uint32_t max_terms) {
  std::vector<std::uint32_t> suffixes;
  suffixes.reserve(other.suffixes_.size());
  for (const Suffix& suffix : other.suffixes_) {
    suffixes.push_back(intern_suffix(suffix.text, suffix.is_language));
  }
  std::vector<std::uint32_t> hashes(other.size());
  for (const Slot& slot : other.slots_) {
    if (slot.id != kNoTerm) hashes[index_of(slot.id)] = slot.hash;
  }
  std::vector<TermId> numbers(other.size(), kNoTerm);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    constexpr std::size_t kAhead = 16;  // slots on their way from memory
    if (i + kAhead < numbers.size() && !slots_.empty()) {
      __builtin_prefetch(&slots_[hashes[i + kAhead] & (slots_.size() - 1)]);
    }
    const Record& record = other.records_[i];
    std::uint32_t tag = record.kind_and_suffix;
    if (static_cast<TermKind>(tag >> kSuffixBits) == TermKind::literal) {
      const std::uint32_t suffix = suffixes[tag & kSuffixMask];
      if (suffix == kNoSuffix) continue;
      tag = (tag & ~kSuffixMask) | suffix;
    }
    numbers[i] = intern_hashed({record.text, record.text_size}, tag, hashes[i], max_terms);
  }
  return numbers;
}

void TermTable::grow() {
  std::vector<Slot> larger(slots_.empty() ? 64 : slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.id == kNoTerm) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].id != kNoTerm) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

Term TermTable::term(TermId id) const noexcept {
  const Record& record = records_[index_of(id)];
  Term term{static_cast<TermKind>(record.kind_and_suffix >> kSuffixBits),
            {record.text, record.text_size}};
  if (!term.is_literal()) return term;
  const Suffix& suffix = suffixes_[record.kind_and_suffix & kSuffixMask];
  term.datatype = suffix.is_language ? kLangStringDatatype : suffix.text;
  if (suffix.is_language) term.language = suffix.text;
  return term;
}

std::size_t TermTable::size_bytes() const noexcept {
  constexpr std::size_t kNode = sizeof(std::string_view) * 3;  // a hash node, near enough
  return arena_.size_bytes() + records_.capacity() * sizeof(Record) +
         slots_.capacity() * sizeof(Slot) + suffixes_.size() * (sizeof(Suffix) + kNode);
}

}  // namespace knhk::rdf::detail
