#include "knhk/store/last_known_good.hpp"

#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

#include "knhk/store/durable_file.hpp"

namespace knhk::store {
namespace {

constexpr std::size_t kMaxFileBytes = 512;

Result<std::filesystem::path> file_of(const Store& store, std::string_view channel) {
  if (!is_valid_name(channel)) {
    return fail(Errc::usage, std::string(channel), "is no name for a channel");
  }
  return store.path() / "last-known-good" / std::string(channel);
}

/// `<snapshot> <manifest> <epoch>` and a line feed; nothing for anything else.
std::optional<LastKnownGood::Item> parse(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  const std::size_t first = text.find(' ');
  const std::size_t second = text.find(' ', first == text.npos ? first : first + 1);
  if (second == text.npos) return std::nullopt;
  const auto snapshot = SnapshotId::parse(text.substr(0, first));
  const auto manifest = Digest::parse(text.substr(first + 1, second - first - 1));
  const std::string_view number = text.substr(second + 1);
  std::uint64_t epoch = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), epoch);
  if (!snapshot || !manifest || problem != std::errc() || end != number.data() + number.size()) {
    return std::nullopt;
  }
  return LastKnownGood::Item{*snapshot, *manifest, epoch};
}

}  // namespace

Status LastKnownGood::set(std::string_view channel, const Item& item) const {
  auto file = file_of(store_, channel);
  if (!file) return forward_error(std::move(file));
  if (Status made = make_folders(file->parent_path()); !made) return made;
  return write_file(*file, item.snapshot.to_string() + " " + item.manifest.to_string() + " " +
                               std::to_string(item.epoch) + "\n");
}

Result<std::optional<LastKnownGood::Item>> LastKnownGood::find(std::string_view channel) const {
  auto file = file_of(store_, channel);
  if (!file) return forward_error(std::move(file));
  auto text = read_file(*file, kMaxFileBytes);
  if (!text) {
    if (text.error().code == Errc::file_missing) return std::optional<Item>();
    return forward_error(std::move(text));
  }
  auto item = parse(*text);
  if (!item) {
    return fail(Errc::log_damaged, file->string(),
                "is no snapshot, manifest and epoch; remove the file to go without");
  }
  return item;
}

}  // namespace knhk::store
