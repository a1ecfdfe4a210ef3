#include "knhk/ontology/overlay.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "knhk/rdf/canonical.hpp"

namespace knhk::ontology {

namespace {

constexpr std::string_view kHead = "knhk-overlay 1 ";

/// The lines of `text`, without their line feeds, in their order.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Canonical lines are sorted with their line feeds, which come before every other character that
/// can follow a full stop; without them the order is the same.
std::vector<std::string_view> sorted_lines(std::string_view text) {
  std::vector<std::string_view> lines = lines_of(text);
  if (!std::ranges::is_sorted(lines)) std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> only_in_first(const std::vector<std::string_view>& first,
                                       const std::vector<std::string_view>& second) {
  std::vector<std::string_view> lines;
  std::ranges::set_difference(first, second, std::back_inserter(lines));
  return {lines.begin(), lines.end()};
}

tl::unexpected<Error> malformed(std::size_t line, std::string detail) {
  return fail(Errc::syntax_error, "overlay:" + std::to_string(line), std::move(detail));
}

}  // namespace

Overlay Overlay::between(std::string_view parent, std::string_view child) {
  const auto before = sorted_lines(parent);
  const auto after = sorted_lines(child);
  Overlay overlay;
  overlay.parent_ = rdf::snapshot_id_of(parent);
  overlay.child_ = rdf::snapshot_id_of(child);
  overlay.removed_ = only_in_first(before, after);
  overlay.added_ = only_in_first(after, before);
  return overlay;
}

Result<Overlay> Overlay::parse(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.empty() || !lines.front().starts_with(kHead)) {
    return malformed(1, "does not begin as an overlay does");
  }
  const std::string_view ids = lines.front().substr(kHead.size());
  const std::size_t gap = std::min(ids.find(' '), ids.size());
  const auto parent = SnapshotId::parse(ids.substr(0, gap));
  const auto child = SnapshotId::parse(ids.substr(std::min(gap + 1, ids.size())));
  if (!parent || !child) return malformed(1, "does not name two snapshots");
  Overlay overlay;
  overlay.parent_ = *parent;
  overlay.child_ = *child;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const bool removes = lines[i].starts_with("- ");
    if (!removes && !lines[i].starts_with("+ ")) {
      return malformed(i + 1, "is neither a removed nor an added statement");
    }
    if (removes && !overlay.added_.empty()) {
      return malformed(i + 1, "is a removed statement behind an added one");
    }
    auto& statements = removes ? overlay.removed_ : overlay.added_;
    std::string statement(lines[i].substr(2));
    if (!statements.empty() && statements.back() >= statement) {
      return malformed(i + 1, "is not sorted");
    }
    statements.push_back(std::move(statement));
  }
  return overlay;
}

std::string Overlay::to_text() const {
  std::string text(kHead);
  text += parent_.to_string() + ' ' + child_.to_string() + '\n';
  for (const std::string& line : removed_) text.append("- ").append(line).append("\n");
  for (const std::string& line : added_) text.append("+ ").append(line).append("\n");
  return text;
}

Result<std::string> Overlay::apply(std::string_view parent) const {
  if (rdf::snapshot_id_of(parent) != parent_) {
    return fail(Errc::digest_mismatch, "overlay",
                "starts from another snapshot, " + parent_.to_string());
  }
  const auto before = sorted_lines(parent);
  std::vector<std::string_view> kept;
  std::ranges::set_difference(before, removed_, std::back_inserter(kept));
  std::vector<std::string_view> after;
  std::ranges::merge(kept, added_, std::back_inserter(after));
  std::string child;
  child.reserve(parent.size());
  for (const std::string_view line : after) child.append(line).append("\n");
  if (rdf::snapshot_id_of(child) != child_) {
    return fail(Errc::digest_mismatch, "overlay",
                "leads to another snapshot than " + child_.to_string());
  }
  return child;
}

}  // namespace knhk::ontology
