#include "knhk/store/quarantine.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "knhk/store/durable_file.hpp"

namespace knhk::store {
namespace {

constexpr std::size_t kMaxReasonBytes = std::size_t{1024} * 1024;

}  // namespace

std::filesystem::path Quarantine::file_of(const SnapshotId& snapshot) const {
  return store_.path() / "quarantine" / snapshot.hex();
}

Status Quarantine::add(const SnapshotId& snapshot, std::string_view reason) const {
  Status made = make_folders(store_.path() / "quarantine");
  if (!made) return made;
  return write_file(file_of(snapshot), reason.substr(0, kMaxReasonBytes));
}

Status Quarantine::clear(const SnapshotId& snapshot) const {
  const Result<std::optional<std::string>> found = find(snapshot);
  if (found && !*found) return {};
  return remove_file(file_of(snapshot));
}

Result<std::optional<std::string>> Quarantine::find(const SnapshotId& snapshot) const {
  Result<std::string> reason = read_file(file_of(snapshot), kMaxReasonBytes);
  if (reason) return std::optional<std::string>(*std::move(reason));
  if (reason.error().code == Errc::file_missing) return std::optional<std::string>();
  return forward_error(std::move(reason));
}

Result<std::vector<Quarantine::Item>> Quarantine::items() const {
  const std::filesystem::path folder = store_.path() / "quarantine";
  std::error_code error;
  std::vector<Item> items;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::optional<SnapshotId> snapshot = SnapshotId::parse(it->path().filename().string());
    if (!snapshot) continue;
    Result<std::optional<std::string>> reason = find(*snapshot);
    if (!reason) return forward_error(std::move(reason));
    if (*reason) items.push_back({*snapshot, **std::move(reason)});
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(Errc::io_error, folder.string(), "cannot be read: " + error.message());
  }
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return a.snapshot < b.snapshot; });
  return items;
}

}  // namespace knhk::store
