// Paths that object_code_test.py must find different from the library's: each does a little more.

#include <atomic>
#include <cstdint>

extern "C" {

struct Publication {
  std::atomic<std::uint64_t>* word;
  std::uint64_t next;
  std::uint64_t roll_back;
};

// An addition.
void plain_publish(Publication& publication) {
  publication.word->store(publication.next + 1, std::memory_order_release);
}

// Another member.
void plain_undo(Publication& publication) {
  publication.word->store(publication.next, std::memory_order_release);
}

}  // extern "C"
