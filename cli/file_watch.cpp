#include "cli/file_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace knhk::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// How long no file may change before a change counts as over.
constexpr std::chrono::milliseconds kQuiet{100};

/// How often a folder may have come or gone between being found and being watched.
constexpr int kMostAttempts = 100;

constexpr std::uint32_t kContent =
    IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;
constexpr std::uint32_t kEvents = kContent | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

tl::unexpected<Error> failure(const std::string& where, const char* doing) {
  const int error = errno;
  const bool exhausted = error == ENOSPC || error == EMFILE || error == ENOMEM;
  return fail(exhausted || error != EACCES ? Errc::io_error : Errc::permission_denied, where,
              std::string(doing) + ": " +
                  (exhausted ? "the system has no watches left (fs.inotify in sysctl)"
                             : std::generic_category().message(error)));
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// `folder`, or the nearest one above it that exists.
fs::path nearest_folder(fs::path folder) {
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored)) {
    const fs::path above = folder_of(folder);
    if (above == folder) break;
    folder = above;
  }
  return folder;
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileWatch::FileWatch(int descriptor, std::vector<std::string> paths) : descriptor_(descriptor) {
  for (std::string& path : paths) {
    const bool known = std::any_of(files_.begin(), files_.end(),
                                   [&](const File& file) { return file.path == path; });
    if (!known) files_.push_back({std::move(path), {}, false});
  }
}

FileWatch::FileWatch(FileWatch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      files_(std::move(other.files_)),
      places_(std::move(other.places_)) {}

FileWatch::~FileWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FileWatch> FileWatch::start(std::vector<std::string> paths) {
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0) return failure("", "files can't be watched");
  FileWatch watch(descriptor, std::move(paths));
  if (auto status = watch.watch_folders(); !status) return forward_error(std::move(status));
  for (File& file : watch.files_) file.state = state_of(file.path);
  return watch;
}

FileWatch::State FileWatch::state_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

/// Watches anew, since a folder may have gone or come. Watching one twice is watching it once.
Status FileWatch::watch_folders() {
  places_.clear();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const std::string& path = files_[i].path;
    if (auto status = watch_folder_of(i, path); !status) return status;
    // What a link leads to may be written where it lies.
    std::error_code ignored;
    const fs::path target = fs::weakly_canonical(path, ignored);
    if (target.empty()) continue;
    if (auto status = watch_folder_of(i, target.string()); !status) return status;
  }
  return {};
}

Status FileWatch::watch_folder_of(std::size_t file, const std::string& path) {
  const fs::path wanted = folder_of(path);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const fs::path folder = nearest_folder(wanted);
    const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), kEvents);
    if (watch < 0 && (errno == ENOENT || errno == ENOTDIR))
      continue;  // gone since it was looked at
    if (watch < 0) return failure(folder.string(), "this folder can't be watched");
    // A folder that came before the one above it was watched was not noticed.
    if (nearest_folder(wanted) != folder) continue;
    places_.push_back({watch, fs::path(path).filename().string(), file});
    return {};
  }
  return fail(Errc::io_error, wanted.string(), "this folder comes and goes, it can't be watched");
}

Status FileWatch::take_events() {
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  // One buffer at a time: another file beside these may be written without end.
  const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return {};
  if (count < 0) return failure("", "file changes can't be read");
  for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
    inotify_event event;
    std::memcpy(&event, buffer.data() + at, sizeof event);
    const char* const name = buffer.data() + at + sizeof event;
    at += sizeof event + event.len;
    if (event.len == 0 || (event.mask & kContent) == 0) continue;
    for (const Place& place : places_) {
      // An event counts by itself: what is written twice within a tick of the clock looks the same,
      // size and times.
      if (place.watch == event.wd && place.name == name) files_[place.file].changed = true;
    }
  }
  return {};
}

void FileWatch::compare() {
  for (File& file : files_) {
    const State now = state_of(file.path);
    if (now == file.state) continue;
    file.state = now;
    file.changed = true;
  }
}

bool FileWatch::any_changed() const {
  return std::any_of(files_.begin(), files_.end(), [](const File& file) { return file.changed; });
}

Result<std::vector<std::string>> FileWatch::wait() {
  std::vector<bool> changed(files_.size());
  Clock::time_point last_change;
  while (true) {
    if (auto status = take_events(); !status) return forward_error(std::move(status));
    if (auto status = watch_folders(); !status) return forward_error(std::move(status));
    compare();
    if (any_changed()) last_change = Clock::now();
    bool any = false;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (std::exchange(files_[i].changed, false)) changed[i] = true;
      any = any || changed[i];
    }
    int timeout_ms = -1;
    if (any) {
      const auto left = last_change + kQuiet - Clock::now();
      if (left <= Clock::duration::zero()) break;
      timeout_ms = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
    }
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, timeout_ms) < 0 && errno != EINTR) {
      return failure("", "file changes can't be waited for");
    }
  }
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (changed[i]) paths.push_back(files_[i].path);
  }
  return paths;
}

}  // namespace knhk::cli
