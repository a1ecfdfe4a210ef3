// The fast paths once more, written out by hand over std::atomic: no traits, no policy, no class of
// the library. object_code_test.py demands that the templates become the same instructions, so what
// tests may put in the place of the atomics costs nothing where nobody does.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

using Word = std::uint64_t;

struct Table {
  long first;
};

struct alignas(64) Slot {
  std::array<std::atomic<std::uint64_t>, 4> id_parts;
  const void* artifacts;
  std::uint64_t generation;
  std::uint64_t reserved;
  std::atomic<std::uint64_t> epoch;
};

struct Path {
  alignas(64) std::atomic<Word> word;
  std::array<Slot, 1024> slots;
};

struct alignas(64) Record {
  Record* next;
  std::atomic<bool> taken;
  std::array<std::uint64_t, 4> unused;
  std::atomic<Word> hazard;
};

struct Reader {
  Path* path;
  const std::atomic<Word>* first;
  Record* record;
};

struct Sticky {
  Path* path;
  Word held;
  const Slot* slot;
  const Table* artifacts;
  Record* record;
};

struct Publication {
  Path* path;
  Word next;
  Word roll_back;
};

struct Id {
  std::array<std::byte, 32> bytes;
};

/// As the library says of its ids: eight bytes at a time.
Id id_of(std::uint64_t first, std::uint64_t second, std::uint64_t third, std::uint64_t fourth) {
  Id id;
  std::memcpy(id.bytes.data(), &first, sizeof first);
  std::memcpy(id.bytes.data() + 8, &second, sizeof second);
  std::memcpy(id.bytes.data() + 16, &third, sizeof third);
  std::memcpy(id.bytes.data() + 24, &fourth, sizeof fourth);
  return id;
}

const Slot& slot_of(const Path& path, Word word) {
  const auto* const slots = reinterpret_cast<const std::byte*>(path.slots.data());
  return *reinterpret_cast<const Slot*>(slots + (word & 0xFFFFU));
}

}  // namespace

struct Parts {
  std::uint64_t first, second, third, fourth;
};

extern "C" {

// The slow paths, which are somewhere else.
[[gnu::cold]] Parts load_again(const void* path) noexcept;
[[gnu::cold]] std::uint64_t hold_current(void* path, void* record) noexcept;

void plain_current_id(const Path& path, Id& out) {
  const Word word = path.word.load(std::memory_order_acquire);
  const Slot& slot = slot_of(path, word);
  Parts parts{slot.id_parts[0].load(std::memory_order_acquire),
              slot.id_parts[1].load(std::memory_order_acquire),
              slot.id_parts[2].load(std::memory_order_acquire),
              slot.id_parts[3].load(std::memory_order_acquire)};
  if (path.word.load(std::memory_order_relaxed) != word) [[unlikely]]
    parts = load_again(&path);
  out = id_of(parts.first, parts.second, parts.third, parts.fourth);
}

long plain_pin(Reader& reader) {
  Record& record = *reader.record;
  Path& path = *reader.path;
  const Word outer = record.hazard.load(std::memory_order_relaxed);
  bool is_outermost = true;
  const Table* artifacts = nullptr;
  if (outer != 0) [[unlikely]] {
    is_outermost = false;
    artifacts = static_cast<const Table*>(slot_of(path, outer).artifacts);
  } else {
    const Word word = reader.first->load(std::memory_order_relaxed);
    record.hazard.store(word, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (path.word.load(std::memory_order_acquire) == word) [[likely]] {
      artifacts = static_cast<const Table*>(slot_of(path, word).artifacts);
    } else {
      artifacts = static_cast<const Table*>(slot_of(path, hold_current(&path, &record)).artifacts);
    }
  }
  const long first = artifacts->first;
  if (is_outermost) record.hazard.store(0, std::memory_order_release);
  return first;
}

long plain_sticky(Sticky& reader) {
  if (reader.path->word.load(std::memory_order_relaxed) != reader.held) [[unlikely]] {
    reader.held = hold_current(reader.path, reader.record);
    reader.slot = &slot_of(*reader.path, reader.held);
    reader.artifacts = static_cast<const Table*>(reader.slot->artifacts);
  }
  return reader.artifacts->first;
}

void plain_publish(Publication& publication) {
  publication.path->word.store(publication.next, std::memory_order_release);
}

void plain_undo(Publication& publication) {
  publication.path->word.store(publication.roll_back, std::memory_order_release);
}

}  // extern "C"
