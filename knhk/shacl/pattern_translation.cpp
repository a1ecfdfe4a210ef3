#include "knhk/shacl/pattern_translation.hpp"

#include <array>
#include <utility>

namespace knhk::shacl {
namespace {

constexpr std::size_t kMaxNesting = 100;

constexpr std::string_view kNameStart =
    ":A-Z_a-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}"
    "\\x{200C}-\\x{200D}\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}"
    "\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}\\x{10000}-\\x{EFFFF}";
constexpr std::string_view kNameMore = "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}-\\x{2040}";

/// An error whose sentence is the parts one after another.
template <class... Parts>
tl::unexpected<Error> ill_formed(const Parts&... parts) {
  std::string detail;
  (detail.append(std::string_view(parts)), ...);
  return fail(Errc::ill_formed_shapes, "", std::move(detail));
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Translator {
 public:
  Translator(std::string_view pattern, const PatternFlags& flags) : rest_(pattern), flags_(flags) {}

  Result<std::string> run() {
    while (!rest_.empty()) {
      if (auto status = step(); !status) return forward_error(std::move(status));
    }
    return std::move(out_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Status step() {
    const char c = take();
    if (flags_.ignore_space && is_space(c)) return {};
    switch (c) {
      case '\\':
        return escape(false);
      case '[':
        return char_class(0);
      case '.':
        out_ += flags_.dot_all ? "." : "[^\\n\\r]";
        return {};
      case '(':
        return group();
      case '#':  // only where PCRE2 takes it as a comment would it mean something
        out_ += "\\#";
        return {};
      case '*':
      case '+':
      case '?':
        out_ += c;
        if (!rest_.empty() && rest_.front() == '+') {
          return ill_formed("'", std::string_view(&c, 1), "+' is not a quantifier of XPath");
        }
        return {};
      default:
        out_ += c;
        return {};
    }
  }

  Status group() {
    out_ += '(';
    if (rest_.starts_with('*')) return ill_formed("'(*' is not an expression of XPath");
    if (!rest_.starts_with('?')) return {};
    constexpr std::array<std::string_view, 5> kOpenings = {"?:", "?=", "?!", "?<=", "?<!"};
    for (const std::string_view opening : kOpenings) {
      if (!rest_.starts_with(opening)) continue;
      out_ += opening;
      rest_.remove_prefix(opening.size());
      return {};
    }
    return ill_formed("'(?", rest_.substr(1, 1), "' is not an expression of XPath");
  }

  /// What follows a backslash. In a class the multi-character escapes may not stand for themselves
  /// in brackets again.
  Status escape(bool in_class) {
    if (rest_.empty()) return ill_formed("the pattern ends in a backslash");
    const char c = take();
    const auto set = [&](std::string_view inside, bool negated) {
      // A negated set inside a class needs a class of its own, which PCRE2 lacks.
      if (in_class && negated) {
        return Status(ill_formed("'\\", std::string_view(&c, 1), "' in brackets is not supported"));
      }
      if (in_class) {
        out_ += inside;
      } else {
        out_ += negated ? "[^" : "[";
        out_ += inside;
        out_ += ']';
      }
      return Status{};
    };
    switch (c) {
      case 'n':
      case 'r':
      case 't':
        out_ += '\\';
        out_ += c;
        return {};
      case 'd':
        out_ += "\\p{Nd}";
        return {};
      case 'D':
        out_ += "\\P{Nd}";
        return {};
      case 's':
        return set(" \\t\\n\\r", false);
      case 'S':
        if (!in_class) return set(" \\t\\n\\r", true);
        out_ += "\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}\\x{21}-\\x{10FFFF}";
        return {};
      case 'w':
        return set("\\p{L}\\p{M}\\p{N}\\p{S}", false);
      case 'W':
        return set("\\p{P}\\p{Z}\\p{C}", false);
      case 'i':
        return set(kNameStart, false);
      case 'I':
        return set(kNameStart, true);
      case 'c':
        return set(std::string(kNameStart) + std::string(kNameMore), false);
      case 'C':
        return set(std::string(kNameStart) + std::string(kNameMore), true);
      case 'p':
      case 'P':
        return property(c);
      case 'b':
      case 'B':
        if (in_class) return ill_formed("'\\b' in brackets is not an expression of XPath");
        out_ += '\\';
        out_ += c;
        return {};
      default:
        return other_escape(c, in_class);
    }
  }

  Status other_escape(char c, bool in_class) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || c == '0' || (in_class && c >= '1' && c <= '9')) {
      return ill_formed("'\\", std::string_view(&c, 1), "' is not an escape of XPath");
    }
    if (static_cast<unsigned char>(c) < 0x80) out_ += '\\';
    out_ += c;
    if (c >= '1' && c <= '9') {  // a back-reference must not swallow the digits that follow
      out_.pop_back();
      out_ += "g{";
      out_ += c;
      out_ += '}';
    }
    return {};
  }

  Status property(char c) {
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with('{') || end == std::string_view::npos) {
      return ill_formed("'\\p' without a category in braces");
    }
    const std::string_view name = rest_.substr(1, end - 1);
    if (name.starts_with("Is")) {
      return ill_formed("the block '", name, "' of Unicode is not supported");
    }
    if (name.empty() || name.size() > 2) {
      return ill_formed("'", name, "' is not a category of Unicode");
    }
    out_ += '\\';
    out_ += c;
    out_ += rest_.substr(0, end + 1);
    rest_.remove_prefix(end + 1);
    return {};
  }

  /// After `[`. A subtraction `[a-z-[aeiou]]` becomes `(?:(?![aeiou])[a-z])`.
  Status char_class(std::size_t depth) {
    if (depth > kMaxNesting) return ill_formed("brackets are nested too deeply");
    const std::size_t start = out_.size();
    out_ += '[';
    if (rest_.starts_with('^')) out_ += take();
    bool empty = true;
    while (true) {
      if (rest_.empty()) return ill_formed("a '[' without its ']'");
      const char c = take();
      if (c == ']') {
        if (empty) return ill_formed("'[]' is not an expression of XPath");
        out_ += ']';
        return {};
      }
      if (c == '-' && rest_.starts_with('[')) {
        if (empty) return ill_formed("nothing to subtract from in brackets");
        return subtraction(start, depth);
      }
      empty = false;
      if (c == '\\') {
        if (auto status = escape(true); !status) return status;
      } else if (c == '[') {
        out_ += "\\[";  // XPath wants the backslash; many leave it out
      } else {
        out_ += c;
      }
    }
  }

  Status subtraction(std::size_t start, std::size_t depth) {
    const std::string base = out_.substr(start) + "]";
    out_.resize(start);
    out_ += "(?:(?!";
    rest_.remove_prefix(1);
    if (auto status = char_class(depth + 1); !status) return status;
    out_ += ')';
    out_ += base;
    out_ += ')';
    if (!rest_.starts_with(']')) return ill_formed("something follows a subtraction in brackets");
    rest_.remove_prefix(1);
    return {};
  }

  std::string_view rest_;
  PatternFlags flags_;
  std::string out_;
};

}  // namespace

Result<PatternFlags> read_pattern_flags(std::string_view flags) {
  PatternFlags read;
  for (const char c : flags) {
    switch (c) {
      case 's':
        read.dot_all = true;
        break;
      case 'm':
        read.multi_line = true;
        break;
      case 'i':
        read.ignore_case = true;
        break;
      case 'x':
        read.ignore_space = true;
        break;
      case 'q':
        read.literal = true;
        break;
      default:
        return ill_formed("sh:flags '", flags, "' has a letter that is none of smixq");
    }
  }
  return read;
}

Result<std::string> translate_pattern(std::string_view pattern, const PatternFlags& flags) {
  return Translator(pattern, flags).run();
}

}  // namespace knhk::shacl
