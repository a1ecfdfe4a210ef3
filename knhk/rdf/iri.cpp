#include "knhk/rdf/iri.hpp"

#include <cstddef>

namespace knhk::rdf {
namespace {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_scheme_character(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// The five parts of RFC 3986 section 3, each with its delimiter (`http:`, `//host`, `?query`).
struct Parts {
  std::string_view scheme;
  std::string_view authority;
  std::string_view path;
  std::string_view query;
  std::string_view fragment;
};

// Cuts the part of `rest` before `end` off.
std::string_view take(std::string_view& rest, std::size_t end) {
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(part.size());
  return part;
}

Parts split(std::string_view iri) {
  Parts parts;
  if (is_absolute_iri(iri)) parts.scheme = take(iri, iri.find(':') + 1);
  if (iri.starts_with("//")) parts.authority = take(iri, iri.find_first_of("/?#", 2));
  parts.path = take(iri, iri.find_first_of("?#"));
  parts.query = take(iri, iri.find('#'));
  parts.fragment = iri;
  return parts;
}

// RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  const auto drop_last = [&out] {
    const std::size_t slash = out.rfind('/');
    out.erase(slash == std::string::npos ? 0 : slash);
  };
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last();
    } else if (path == "/..") {
      path = "/";
      drop_last();
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      out += take(path, path.find('/', 1));
    }
  }
  return out;
}

// RFC 3986 section 5.2.3.
std::string merge(const Parts& base, std::string_view path) {
  std::string merged;
  if (!base.authority.empty() && base.path.empty()) {
    merged = '/';
  } else if (const std::size_t slash = base.path.rfind('/'); slash != std::string_view::npos) {
    merged = base.path.substr(0, slash + 1);
  }
  merged += path;
  return merged;
}

}  // namespace

bool is_absolute_iri(std::string_view iri) noexcept {
  if (iri.empty() || !is_letter(iri.front())) return false;
  for (const char c : iri) {
    if (c == ':') return true;
    if (!is_scheme_character(c)) return false;
  }
  return false;
}

std::string resolve_iri(std::string_view base, std::string_view reference) {
  if (is_absolute_iri(reference)) return std::string(reference);
  const Parts from = split(base);
  const Parts to = split(reference);
  std::string authority(from.authority);
  std::string path;
  std::string_view query = to.query;
  if (!to.authority.empty()) {
    authority = to.authority;
    path = remove_dot_segments(to.path);
  } else if (to.path.empty()) {
    path = from.path;
    if (query.empty()) query = from.query;
  } else if (to.path.front() == '/') {
    path = remove_dot_segments(to.path);
  } else {
    path = remove_dot_segments(merge(from, to.path));
  }
  std::string resolved(from.scheme);
  resolved += authority;
  resolved += path;
  resolved += query;
  resolved += to.fragment;
  return resolved;
}

}  // namespace knhk::rdf
