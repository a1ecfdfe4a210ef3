#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {
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

struct Descriptor {
  int number;
  explicit Descriptor(int descriptor) : number(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

Result<std::string> read_all(const Descriptor& file, const std::filesystem::path& path,
                             std::size_t expected, std::size_t max_bytes) {
  std::string bytes;
  std::size_t size = 0;
  bytes.resize(expected + 1);  // one more, to meet the end without growing
  while (true) {
    const ssize_t count = ::read(file.number, bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_with_errno(path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
    if (size > max_bytes) {
      return fail(Errc::limit_exceeded, path.string(),
                  "larger than " + std::to_string(max_bytes) + " bytes");
    }
    if (size == bytes.size()) bytes.resize(size + size / 2 + 4096);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  try {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number < 0) return fail_with_errno(path, errno);
    struct stat status{};
    if (::fstat(file.number, &status) != 0) return fail_with_errno(path, errno);
    if (S_ISDIR(status.st_mode)) return fail_with_errno(path, EISDIR);
    const auto expected = static_cast<std::size_t>(status.st_size);
    if (expected > max_bytes) {
      return fail(Errc::limit_exceeded, path.string(),
                  "larger than " + std::to_string(max_bytes) + " bytes");
    }
    return read_all(file, path, expected, max_bytes);
  } catch (const std::bad_alloc&) {
    return fail(Errc::out_of_memory, path.string(), "not enough memory to read this");
  } catch (const std::length_error&) {
    return fail(Errc::out_of_memory, path.string(), "not enough memory to read this");
  }
}

}  // namespace knhk::rdf
