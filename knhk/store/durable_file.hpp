#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::store {

/// How far a replaced file got.
enum class Durability : std::uint8_t {
  durable,  ///< it survives a power failure
  visible,  ///< it is in place, but its folder could not be synced
};

/// Puts `bytes` at `path`, whole or not at all: a temporary file in the same folder, fsync, rename,
/// fsync of the folder. On an error `path` is as it was and the temporary file is gone.
/// Errors: `disk-full`, `read-only`, `permission-denied`, `io-error`.
[[nodiscard]] Result<Durability> replace_file(const std::filesystem::path& path,
                                              std::string_view bytes);

/// As `replace_file`, and an `io-error` too when the folder could not be synced.
[[nodiscard]] Status write_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes `folder` and what is missing above it, and syncs each parent. Errors: as `replace_file`.
[[nodiscard]] Status make_folders(const std::filesystem::path& folder);

/// Syncs a folder, so that its names survive a power failure. Errors: as `replace_file`.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);

/// Deletes a file and syncs its folder; succeeds when there is none. Errors: as `replace_file`.
[[nodiscard]] Status remove_file(const std::filesystem::path& path);

/// Deletes the temporary files that writers who died left in `folder`; those of living writers
/// stay. What cannot be deleted stays: it harms nobody.
void remove_leftovers(const std::filesystem::path& folder) noexcept;

/// The bytes of a file. Never waits: a pipe or a device is `not-a-file`.
/// Errors: `file-missing`, `not-a-file`, `permission-denied`, `limit-exceeded`, `io-error`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes);

namespace detail {

/// Asked before each file operation of a change, with its name ("open", "write", "fsync", ...).
/// Returns 0 to go on, or the errno with which the operation shall fail; it may also end the
/// process, as a crash would. For tests only: they count the operations and fail each in turn.
using FileStep = int (*)(const char* operation, const char* path);

/// Sets the hook; null takes it away. Threads: not while files are being written.
void set_file_step(FileStep step) noexcept;

}  // namespace detail

}  // namespace knhk::store
