#include "knhk/rdf/detail/text.hpp"

#include <algorithm>
#include <cstring>

namespace knhk::rdf::detail {
namespace {

constexpr std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

// How many bytes the sequence at `at` has; 0 when it is ill-formed (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size() - at) return 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (byte_at(text, at + 1) < low || byte_at(text, at + 1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

constexpr bool is_letter(std::uint32_t c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_digit(std::uint32_t c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Flaw> find_encoding_flaw(std::string_view bytes, bool at_start) {
  using namespace std::string_view_literals;
  if (at_start && (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv) ||
                   bytes.starts_with("\0\0\xFE\xFF"sv))) {
    return Flaw{0, "the file is in UTF-16 or UTF-32; it has to be in UTF-8"};
  }
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint64_t words[4];
    if (bytes.size() - at >= sizeof words) {
      std::memcpy(words, bytes.data() + at, sizeof words);
      if (((words[0] | words[1] | words[2] | words[3]) & kHighBits) == 0) {
        at += sizeof words;
        continue;
      }
    }
    std::uint64_t word = 0;
    if (bytes.size() - at >= sizeof word) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & kHighBits) == 0) {  // eight ASCII characters at once
        at += sizeof word;
        continue;
      }
    }
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const std::uint8_t byte = byte_at(bytes, at);
      std::string detail("the byte 0x");
      detail.append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 15U]);
      return Flaw{at, detail.append(" does not belong to UTF-8 text here")};
    }
    at += length;
  }
  return std::nullopt;
}

std::uint32_t next_character(std::string_view text, std::size_t& at) noexcept {
  const std::uint8_t lead = byte_at(text, at++);
  if (lead < 0x80) return lead;
  const unsigned more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  std::uint32_t character = lead & (0x3FU >> more);
  for (unsigned i = 0; i < more && at < text.size(); ++i) {
    character = (character << 6U) | (byte_at(text, at++) & 0x3FU);
  }
  return character;
}

void append_utf8(std::string& out, std::uint32_t character) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0U | (character >> 6U));
    put(0x80U | (character & 0x3FU));
  } else if (character < 0x10000) {
    put(0xE0U | (character >> 12U));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  } else {
    put(0xF0U | (character >> 18U));
    put(0x80U | ((character >> 12U) & 0x3FU));
    put(0x80U | ((character >> 6U) & 0x3FU));
    put(0x80U | (character & 0x3FU));
  }
}

std::string position(std::string_view name, std::string_view bytes, std::size_t offset,
                     std::size_t lines_before) {
  const std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  const auto line =
      lines_before + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t newline = before.rfind('\n');
  const std::string_view row =
      newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto column =
      std::count_if(row.begin(), row.end(),
                    [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U; }) +
      1;
  return std::string(name) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::optional<std::uint32_t> parse_escape_digits(std::string_view digits) noexcept {
  std::uint32_t value = 0;
  for (const char c : digits) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    if (value > 0x0FFFFFFFU) return std::nullopt;
    value = value * 16 + digit;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return value;
}

bool is_label_start(std::uint32_t c) noexcept {
  return is_name_character(c) && c != '-' && c != 0xB7 && !(c >= 0x0300 && c <= 0x036F) &&
         !(c >= 0x203F && c <= 0x2040);
}

bool is_name_character(std::uint32_t c) noexcept {
  if (c < 0x80) return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  return c == 0xB7 || (c >= 0x00C0 && c <= 0x00D6) || (c >= 0x00D8 && c <= 0x00F6) ||
         (c >= 0x00F8 && c <= 0x037D) || (c >= 0x037F && c <= 0x1FFF) ||
         (c >= 0x200C && c <= 0x200D) || (c >= 0x203F && c <= 0x2040) ||
         (c >= 0x2070 && c <= 0x218F) || (c >= 0x2C00 && c <= 0x2FEF) ||
         (c >= 0x3001 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
         (c >= 0xFDF0 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0xEFFFF);
}

bool is_language_tag(std::string_view tag) noexcept {
  bool first = true;
  while (true) {
    const std::string_view part = tag.substr(0, tag.find('-'));
    if (part.empty()) return false;
    for (const char c : part) {
      const auto character = static_cast<std::uint8_t>(c);
      if (!is_letter(character) && (first || !is_digit(character))) return false;
    }
    if (part.size() == tag.size()) return true;
    tag.remove_prefix(part.size() + 1);
    first = false;
  }
}

}  // namespace knhk::rdf::detail
