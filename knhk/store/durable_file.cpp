#include "knhk/store/durable_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryPrefix = ".tmp-";

// Relaxed: set before and after, never during, the work that reads it.
std::atomic<detail::FileStep> file_step{nullptr};

// True when the operation may go on; otherwise errno says why not.
bool step(const char* operation, const fs::path& path) {
  const detail::FileStep hook = file_step.load(std::memory_order_relaxed);
  if (hook == nullptr) return true;
  errno = hook(operation, path.c_str());
  return errno == 0;
}

class File {
 public:
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

tl::unexpected<Error> cannot(const char* what, const fs::path& path, int error) {
  Errc code = Errc::io_error;
  if (error == EACCES || error == EPERM) code = Errc::permission_denied;
  if (error == EROFS) code = Errc::read_only;
  if (error == ENOSPC || error == EDQUOT) code = Errc::disk_full;
  return fail(code, path.string(),
              std::string(what) + ": " + std::generic_category().message(error));
}

bool write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    if (!step("write", path)) return false;
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    if (written == 0) {
      errno = EIO;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

fs::path temporary_name(const fs::path& folder) {
  static std::atomic<std::uint64_t> next{0};
  // Relaxed: only that no two calls get one number matters.
  const std::uint64_t number = next.fetch_add(1, std::memory_order_relaxed);
  std::string name(kTemporaryPrefix);
  name += std::to_string(::getpid());
  name += '-';
  name += std::to_string(number);
  return folder / name;
}

// Opens a new temporary file and locks it, which tells `remove_leftovers` that its writer lives.
int open_temporary(const fs::path& folder, fs::path& temporary) {
  while (true) {
    temporary = temporary_name(folder);
    if (!step("open", temporary)) return -1;
    const int descriptor =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor < 0 && errno == EEXIST) continue;  // another process's, with a reused id
    if (descriptor < 0) return -1;
    struct stat status{};
    // Between open and flock it looked like a leftover and may have been deleted: then once more.
    if (::flock(descriptor, LOCK_EX) == 0 && ::fstat(descriptor, &status) == 0 &&
        status.st_nlink == 0) {
      ::close(descriptor);
      continue;
    }
    return descriptor;
  }
}

}  // namespace

void detail::set_file_step(FileStep hook) noexcept {
  file_step.store(hook, std::memory_order_relaxed);
}

Result<Durability> replace_file(const fs::path& path, std::string_view bytes) {
  const fs::path folder = folder_of(path);
  fs::path temporary;
  const File file(open_temporary(folder, temporary));
  if (!file.is_open()) return cannot("cannot be written", path, errno);
  const bool placed = write_all(file.get(), bytes, temporary) && step("fsync", temporary) &&
                      ::fsync(file.get()) == 0 && step("rename", path) &&
                      ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!placed) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return cannot("cannot be written", path, error);
  }
  return sync_folder(folder) ? Durability::durable : Durability::visible;
}

Status write_file(const fs::path& path, std::string_view bytes) {
  Result<Durability> written = replace_file(path, bytes);
  if (!written) return forward_error(std::move(written));
  if (*written == Durability::durable) return {};
  return fail(Errc::io_error, path.string(), "its folder cannot be synced");
}

Status make_folders(const fs::path& folder) {
  struct stat status{};
  if (folder.empty() || (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode)))
    return {};
  const fs::path parent = folder_of(folder);
  if (parent != folder) {
    Status made = make_folders(parent);
    if (!made) return made;
  }
  if (!step("mkdir", folder) || (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)) {
    return cannot("the folder cannot be made", folder, errno);
  }
  return sync_folder(parent);
}

Status sync_folder(const fs::path& folder) {
  if (!step("fsync-folder", folder)) return cannot("the folder cannot be synced", folder, errno);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // EINVAL: the file system has no sync of folders, and so nothing to wait for.
  if (!file.is_open() || (::fsync(file.get()) != 0 && errno != EINVAL)) {
    return cannot("the folder cannot be synced", folder, errno);
  }
  return {};
}

Status remove_file(const fs::path& path) {
  if (!step("unlink", path) || (::unlink(path.c_str()) != 0 && errno != ENOENT)) {
    return cannot("cannot be deleted", path, errno);
  }
  return sync_folder(folder_of(path));
}

void remove_leftovers(const fs::path& folder) noexcept {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string& path = it->path().native();
    const std::size_t slash = path.rfind('/');
    const std::string_view name =
        std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
    if (!name.starts_with(kTemporaryPrefix)) continue;
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
  }
}

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return fail(Errc::file_missing, path.string(), "there is no such file");
    }
    return cannot("cannot be read", path, errno);
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return cannot("cannot be read", path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Errc::not_a_file, path.string(), "is not a file");
  const auto too_long = [&] {
    return fail(Errc::limit_exceeded, path.string(),
                "is longer than " + std::to_string(max_bytes) + " bytes");
  };
  if (std::cmp_greater(status.st_size, max_bytes)) return too_long();
  std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t size = 0;
  while (true) {
    const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("cannot be read", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > max_bytes) return too_long();
    if (size == bytes.size()) bytes.resize(bytes.size() * 2);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace knhk::store
