#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knhk/base/result.hpp"

namespace knhk::cli {

/// Tells when files change: when they are written in place, replaced by another of that name (as
/// editors do), removed, or come back, also with the folder they lie in.
///
/// The folders are watched (inotify), and what lies there under each name is compared. Threads:
/// one.
class FileWatch {
 public:
  /// Watches from now on. A path need not lead to anything yet.
  /// Errors: `io-error` when the operating system has no watches left.
  [[nodiscard]] static Result<FileWatch> start(std::vector<std::string> paths);

  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;
  ~FileWatch();

  /// Blocks until files have changed since the last call, or since the start, and no more writes
  /// come. Returns their paths.
  /// Errors: `io-error`.
  [[nodiscard]] Result<std::vector<std::string>> wait();

 private:
  /// What stands under a path. All zero: nothing.
  struct State {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const State&, const State&) = default;
  };
  struct File {
    std::string path;
    State state;
    bool changed = false;
  };
  /// An event of the watched folder `watch` about `name` is one about file number `file`.
  struct Place {
    int watch;
    std::string name;
    std::size_t file;
  };

  FileWatch(int descriptor, std::vector<std::string> paths);

  static State state_of(const std::string& path);
  Status watch_folders();
  Status watch_folder_of(std::size_t file, const std::string& path);
  Status take_events();
  void compare();
  [[nodiscard]] bool any_changed() const;

  int descriptor_;
  std::vector<File> files_;
  std::vector<Place> places_;
};

}  // namespace knhk::cli
