#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::crypto {

/// The bytes of the key file at `path`. Never waits: a pipe or a device is refused.
/// Errors: `key-missing`; `key-unreadable` (permission, a folder, not a file); `key-malformed` when
/// it is too long to be a key.
[[nodiscard]] Result<std::string> read_key_file(const std::filesystem::path& path);

/// Writes `pem` to a file that did not exist, with mode 0600, and syncs it and its folder.
[[nodiscard]] Status write_new_key_file(const std::filesystem::path& path, std::string_view pem);

}  // namespace knhk::crypto
