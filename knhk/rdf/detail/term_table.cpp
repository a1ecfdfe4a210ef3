#include "knhk/rdf/detail/term_table.hpp"

#include <limits>

#include "knhk/rdf/detail/hash.hpp"

namespace knhk::rdf::detail {
namespace {

std::uint32_t hash_term(TermKind kind, std::string_view text, std::uint32_t suffix) noexcept {
  const std::uint64_t seed = (std::uint64_t{suffix} << 2U) | static_cast<std::uint64_t>(kind);
  const std::uint64_t hash = hash_text(text, mix_bits(seed + 1));
  return static_cast<std::uint32_t>(hash >> 32U);
}

std::string_view datatype_or_string(const Term& term) noexcept {
  return term.datatype.empty() ? kStringDatatype : term.datatype;
}

}  // namespace

std::uint32_t TermTable::find_suffix(const Term& term) const noexcept {
  if (!term.is_literal()) return 0;
  if (!term.language.empty()) {
    const auto found = language_numbers_.find(term.language);
    return found == language_numbers_.end() ? kNoSuffix : found->second;
  }
  const auto found = datatype_numbers_.find(datatype_or_string(term));
  return found == datatype_numbers_.end() ? kNoSuffix : found->second;
}

std::uint32_t TermTable::intern_suffix(const Term& term) {
  const std::uint32_t known = find_suffix(term);
  if (known != kNoSuffix) return known;
  const bool is_language = !term.language.empty();
  auto& texts = is_language ? languages_ : datatypes_;
  auto& numbers = is_language ? language_numbers_ : datatype_numbers_;
  const std::size_t number = texts.size() * 2 + (is_language ? 1 : 0);
  if (number >= kNoSuffix) return kNoSuffix;
  texts.push_back(arena_.keep(is_language ? term.language : datatype_or_string(term)));
  numbers.emplace(texts.back(), static_cast<std::uint32_t>(number));
  return static_cast<std::uint32_t>(number);
}

TermId TermTable::lookup(const Term& term, std::uint32_t suffix,
                         std::uint32_t hash) const noexcept {
  if (slots_.empty()) return kNoTerm;
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = (static_cast<std::uint32_t>(term.kind) << kSuffixBits) | suffix;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNoTerm) return kNoTerm;
    if (slot.hash != hash) continue;
    const Record& record = records_[index_of(slot.id)];
    if (record.kind_and_suffix == tag &&
        std::string_view(record.text, record.text_size) == term.text) {
      return slot.id;
    }
  }
}

TermId TermTable::find(const Term& term) const noexcept {
  const std::uint32_t suffix = find_suffix(term);
  if (suffix == kNoSuffix) return kNoTerm;
  return lookup(term, suffix, hash_term(term.kind, term.text, suffix));
}

TermId TermTable::intern(const Term& term, std::uint32_t max_terms) {
  const std::uint32_t suffix = term.is_literal() ? intern_suffix(term) : 0;
  if (suffix == kNoSuffix) return kNoTerm;
  const std::uint32_t hash = hash_term(term.kind, term.text, suffix);
  if (const TermId known = lookup(term, suffix, hash); known != kNoTerm) return known;
  if (records_.size() >= max_terms) return kNoTerm;
  if (term.text.size() > std::numeric_limits<std::uint32_t>::max()) return kNoTerm;
  if ((records_.size() + 1) * 8 > slots_.size() * 5) grow();
  const std::string_view text = arena_.keep(term.text);
  const TermId id{static_cast<std::uint32_t>(records_.size())};
  records_.push_back({text.data(), static_cast<std::uint32_t>(text.size()),
                      (static_cast<std::uint32_t>(term.kind) << kSuffixBits) | suffix});
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].id != kNoTerm) at = (at + 1) & mask;
  slots_[at] = {hash, id};
  return id;
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
  const std::uint32_t suffix = record.kind_and_suffix & kSuffixMask;
  if (suffix % 2 == 1) {
    term.datatype = kLangStringDatatype;
    term.language = languages_[suffix / 2];
  } else {
    term.datatype = datatypes_[suffix / 2];
  }
  return term;
}

std::size_t TermTable::size_bytes() const noexcept {
  constexpr std::size_t kNode = sizeof(std::string_view) * 3;  // a hash node, near enough
  return arena_.size_bytes() + records_.capacity() * sizeof(Record) +
         slots_.capacity() * sizeof(Slot) +
         (datatypes_.size() + languages_.size()) * (sizeof(std::string_view) + kNode);
}

}  // namespace knhk::rdf::detail
