#include "knhk/shacl/warning.hpp"

#include <map>
#include <set>
#include <utility>

namespace knhk::shacl {
namespace {

struct Group {
  std::set<std::string_view> shapes;
  const Warning* first = nullptr;
};

}  // namespace

std::string_view to_string(Warning::Kind kind) noexcept {
  switch (kind) {
    case Warning::Kind::unsupported:
      return "unsupported";
    case Warning::Kind::ill_formed:
      return "ill-formed";
    case Warning::Kind::dependent:
      return "dependent";
    case Warning::Kind::no_effect:
      return "no-effect";
  }
  return "";
}

std::string to_text(std::span<const Warning> warnings) {
  std::map<std::pair<Warning::Kind, std::string_view>, Group> groups;
  for (const Warning& warning : warnings) {
    Group& group = groups[{warning.kind, warning.property}];
    group.shapes.insert(warning.shape);
    if (group.first == nullptr) group.first = &warning;
  }
  std::string text;
  for (const auto& [key, group] : groups) {
    text += group.first->detail;
    text += ": ";
    text += group.first->shape;
    if (group.shapes.size() > 1) {
      text += " and " + std::to_string(group.shapes.size() - 1) + " more";
    }
    text += '\n';
  }
  return text;
}

}  // namespace knhk::shacl
