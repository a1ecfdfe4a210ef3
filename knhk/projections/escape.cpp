#include "knhk/projections/escape.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace knhk::projections {

namespace {

/// The code point at the start of `text` and its length in bytes; length 0 when it is no UTF-8.
struct CodePoint {
  std::uint32_t value;
  std::size_t length;
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {0, 0};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {0, 0};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {0, 0};
  return {value, length};
}

bool is_break(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

bool turns_text(std::uint32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Copies `text`, giving each ASCII character to `put(out, character)`.
template <class Put>
std::string escape(std::string_view text, const Put& put) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (point.length == 0) {
      put(out, '?');
    } else if (is_break(point.value)) {
      out += ' ';
    } else if (turns_text(point.value)) {
      char name[16];
      std::snprintf(name, sizeof name, "[U+%04X]", static_cast<unsigned>(point.value));
      for (const char* c = name; *c != '\0'; ++c) put(out, *c);
    } else if (point.length == 1) {
      put(out, text.front());
    } else {
      out += text.substr(0, point.length);
    }
    text.remove_prefix(point.length == 0 ? 1 : point.length);
  }
  return out;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_{}[]()#+-!|~$^:=\"'@";
  return escape(text, [&](std::string& out, char c) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      // The few of them that read badly with a backslash mean nothing inside of a line.
      if (kMarks.find(c) != std::string_view::npos && c != '-' && c != ':' && c != '\'' &&
          c != '(' && c != ')') {
        out += '\\';
      }
      out += c;
    }
  });
}

std::string mermaid_text(std::string_view text) {
  return escape(text, [](std::string& out, char c) {
    if (is_word(c) || c == ' ' || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      out += '#';
      out += std::to_string(static_cast<unsigned>(c));
      out += ';';
    }
  });
}

std::string cpp_comment_text(std::string_view text) {
  return escape(text, [](std::string& out, char c) {
    // A backslash at the end of a line would swallow the next one, and so would its trigraph.
    if (c == '\\') c = '/';
    const char last = out.empty() ? '\0' : out.back();
    if ((last == '*' && c == '/') || (last == '/' && c == '*') || (last == '?' && c == '?')) {
      out += ' ';
    }
    out += c;
  });
}

std::string cpp_string_literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (is_word(c) || (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '?')) {
      out += c;
    } else {
      char octal[8];
      std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(byte));
      out += octal;
    }
  }
  out += '"';
  return out;
}

}  // namespace knhk::projections
