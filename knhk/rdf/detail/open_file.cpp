#include "knhk/rdf/detail/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace knhk::rdf::detail {
namespace {

tl::unexpected<Error> fail_with_errno(const std::filesystem::path& path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return fail(Errc::file_missing, path.string(), "there is no such file");
    case EACCES:
    case EPERM:
      return fail(Errc::permission_denied, path.string(), "this file may not be read");
    case EISDIR:
      return fail(Errc::not_a_file, path.string(), "this is a directory, not a file");
    default:
      return fail(Errc::io_error, path.string(),
                  "cannot be read: " + std::generic_category().message(error));
  }
}

}  // namespace

Result<OpenFile> OpenFile::open(const std::filesystem::path& path, std::size_t max_bytes) {
  OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC), 0);
  if (file.descriptor_ < 0) return fail_with_errno(path, errno);
  struct stat status{};
  if (::fstat(file.descriptor_, &status) != 0) return fail_with_errno(path, errno);
  if (S_ISDIR(status.st_mode)) return fail_with_errno(path, EISDIR);
  file.size_ = static_cast<std::size_t>(status.st_size);
  if (file.size_ > max_bytes) return too_large(path, max_bytes);
  return file;
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> append_from(int descriptor, const std::filesystem::path& path,
                                std::string& bytes, std::size_t count) {
  const std::size_t before = bytes.size();
  bytes.resize(before + count);
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t came = ::read(descriptor, bytes.data() + before + filled, count - filled);
    if (came < 0 && errno == EINTR) continue;
    if (came < 0) return fail_with_errno(path, errno);
    if (came == 0) break;
    filled += static_cast<std::size_t>(came);
  }
  bytes.resize(before + filled);
  return filled;
}

tl::unexpected<Error> too_large(const std::filesystem::path& path, std::size_t max_bytes) {
  return fail(Errc::limit_exceeded, path.string(),
              "larger than " + std::to_string(max_bytes) + " bytes");
}

}  // namespace knhk::rdf::detail
