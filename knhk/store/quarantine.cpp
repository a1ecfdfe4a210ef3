#include "knhk/store/quarantine.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "knhk/store/durable_file.hpp"

namespace knhk::store {
namespace {

constexpr std::size_t kMaxReasonBytes = std::size_t{1024} * 1024;
// The first line; the rest is the reason.
constexpr std::string_view kUntilRecorded = "until recorded\n";
constexpr std::string_view kUntilCleared = "until cleared\n";

}  // namespace

std::filesystem::path Quarantine::file_of(const SnapshotId& snapshot) const {
  return store_.path() / "quarantine" / snapshot.hex();
}

Status Quarantine::add(const SnapshotId& snapshot, std::string_view reason, Until until) const {
  if (until == Until::recorded) {
    auto before = find_item(snapshot);
    if (!before) return forward_error(std::move(before));  // it may be one that waits for a person
    if (*before && (*before)->until == Until::cleared) return {};
  }
  Status made = make_folders(store_.path() / "quarantine");
  if (!made) return made;
  std::string text(until == Until::cleared ? kUntilCleared : kUntilRecorded);
  text += reason.substr(0, kMaxReasonBytes);
  return write_file(file_of(snapshot), text);
}

Status Quarantine::clear(const SnapshotId& snapshot) const {
  const Result<std::optional<std::string>> found = find(snapshot);
  if (found && !*found) return {};
  return remove_file(file_of(snapshot));
}

Status Quarantine::lift_recorded(const SnapshotId& snapshot) const {
  auto found = find_item(snapshot);
  if (!found) return forward_error(std::move(found));
  if (!*found || (*found)->until == Until::cleared) return {};
  return remove_file(file_of(snapshot));
}

Result<std::optional<std::string>> Quarantine::find(const SnapshotId& snapshot) const {
  auto item = find_item(snapshot);
  if (!item) return forward_error(std::move(item));
  if (!*item) return std::optional<std::string>();
  return std::optional<std::string>((*std::move(*item)).reason);
}

Result<std::optional<Quarantine::Item>> Quarantine::find_item(const SnapshotId& snapshot) const {
  Result<std::string> text = read_file(file_of(snapshot), kMaxReasonBytes + kUntilRecorded.size());
  if (!text) {
    if (text.error().code == Errc::file_missing) return std::optional<Item>();
    return forward_error(std::move(text));
  }
  Item item{snapshot, *std::move(text), Until::recorded};
  for (const Until until : {Until::recorded, Until::cleared}) {
    const std::string_view first = until == Until::cleared ? kUntilCleared : kUntilRecorded;
    if (!item.reason.starts_with(first)) continue;
    item.reason.erase(0, first.size());
    item.until = until;
    break;
  }
  return std::optional<Item>(std::move(item));
}

Result<std::vector<Quarantine::Item>> Quarantine::items() const {
  const std::filesystem::path folder = store_.path() / "quarantine";
  std::error_code error;
  std::vector<Item> items;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::optional<SnapshotId> snapshot = SnapshotId::parse(it->path().filename().string());
    if (!snapshot) continue;
    Result<std::optional<Item>> item = find_item(*snapshot);
    if (!item) return forward_error(std::move(item));
    if (*item) items.push_back(**std::move(item));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(Errc::io_error, folder.string(), "cannot be read: " + error.message());
  }
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return a.snapshot < b.snapshot; });
  return items;
}

}  // namespace knhk::store
