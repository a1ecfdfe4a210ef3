#include "knhk/crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace knhk::crypto {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 64 * 1024;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string reason(int error) { return std::generic_category().message(error); }

tl::unexpected<Error> cannot_write(const std::filesystem::path& path, int error) {
  Errc code = Errc::io_error;
  if (error == EACCES || error == EPERM) code = Errc::permission_denied;
  if (error == EROFS) code = Errc::read_only;
  if (error == ENOSPC || error == EDQUOT) code = Errc::disk_full;
  return fail(code, path.string(), "the key cannot be written: " + reason(error));
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

Result<std::string> read_key_file(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe that nobody writes to must not wait.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    const int error = errno;
    const bool missing = error == ENOENT || error == ENOTDIR;
    return fail(missing ? Errc::key_missing : Errc::key_unreadable, path.string(),
                missing ? "there is no such key file" : "the key cannot be read: " + reason(error));
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(Errc::key_unreadable, path.string(),
                S_ISDIR(status.st_mode) ? "is a folder, not a key file" : "is not a key file");
  }
  std::string bytes(kMaxKeyFileBytes + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return fail(Errc::key_unreadable, path.string(), "the key cannot be read: " + reason(errno));
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMaxKeyFileBytes) {
    return fail(Errc::key_malformed, path.string(), "is too long to be a key file");
  }
  bytes.resize(size);
  return bytes;
}

Status write_new_key_file(const std::filesystem::path& path, std::string_view pem) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) {
    if (errno == EEXIST) {
      return fail(Errc::io_error, path.string(), "exists already and is not overwritten");
    }
    return cannot_write(path, errno);
  }
  // fchmod: the umask may have taken the owner's own bits away.
  int error = ::fchmod(file.get(), 0600) == 0 ? 0 : errno;
  if (error == 0) error = write_all(file.get(), pem);
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (error != 0) {
    ::unlink(path.c_str());
    return cannot_write(path, error);
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const File parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) {
    error = errno;
    ::unlink(path.c_str());
    return cannot_write(path, error);
  }
  return {};
}

}  // namespace knhk::crypto
