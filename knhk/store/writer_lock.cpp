#include "knhk/store/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "knhk/store/durable_file.hpp"

namespace knhk::store {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot_lock(const fs::path& path, int error) {
  Errc code = Errc::io_error;
  if (error == EACCES || error == EPERM) code = Errc::permission_denied;
  if (error == EROFS) code = Errc::read_only;
  if (error == ENOSPC || error == EDQUOT) code = Errc::disk_full;
  return fail(code, path.string(),
              "the store cannot be locked: " + std::generic_category().message(error));
}

// The holder writes its id after it has the lock and takes it away before giving the lock back.
std::string holder_of(int descriptor) {
  char text[32];
  const ssize_t length = ::pread(descriptor, text, sizeof text, 0);
  std::string digits(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  digits.resize(digits.find_first_not_of("0123456789") == std::string::npos
                    ? digits.size()
                    : digits.find_first_not_of("0123456789"));
  return digits.empty() ? "another writer" : "process " + digits;
}

}  // namespace

Result<WriterLock> WriterLock::take(const fs::path& store_path) {
  const fs::path path = store_path / "lock";
  // An open file description of its own: flock then excludes this process's other writers, too.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) return cannot_lock(path, errno);
  WriterLock lock(-1);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = holder_of(descriptor);
    ::close(descriptor);
    if (error != EWOULDBLOCK) return cannot_lock(path, error);
    return fail(Errc::store_locked, store_path.string(), "the store is being changed by " + holder);
  }
  lock.descriptor_ = descriptor;
  // On a full disk the id cannot be noted; the lock is as good without it.
  const std::string id = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, id.data(), id.size(), 0) < 0) {
    (void)::ftruncate(descriptor, 0);
  }
  for (const char* const folder : {"", "blobs/sha256", "log", "quarantine", "last-known-good"}) {
    remove_leftovers(store_path / folder);
  }
  return lock;
}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  if (this != &other) {
    release();
    descriptor_ = other.descriptor_;
    other.descriptor_ = -1;
  }
  return *this;
}

void WriterLock::release() noexcept {
  if (descriptor_ < 0) return;
  if (::ftruncate(descriptor_, 0) != 0) {
    // The id stays in the file; the next holder overwrites it.
  }
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace knhk::store
