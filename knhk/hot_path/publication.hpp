#pragma once

#include <cstdint>
#include <utility>

#include "knhk/hot_path/hot_path.hpp"

namespace knhk::hot_path {

/// A promotion that is ready in every respect: the writer token and two filled slots, one with the
/// new snapshot and one that names the outgoing snapshot again. What is left is a store.
///
///   made by prepare() --publish()--> published --settle()--> over
///                                        `----undo()----> undone --settle()--> over
/// Dropped before publish(): nothing has changed, slots and token are free again. Dropped after it:
/// settles. The one that was moved from is over.
///
/// Threads: one at a time; it may be handed to another thread. Lifetime: must end before its path.
template <class T, class Traits>
class Publication {
 public:
  Publication(Publication&& other) noexcept
      : path_(std::exchange(other.path_, nullptr)),
        next_(other.next_),
        roll_back_(other.roll_back_),
        outgoing_(other.outgoing_) {}
  Publication& operator=(Publication&& other) noexcept {
    if (this != &other) {
      settle();
      path_ = std::exchange(other.path_, nullptr);
      next_ = other.next_;
      roll_back_ = other.roll_back_;
      outgoing_ = other.outgoing_;
    }
    return *this;
  }
  ~Publication() { settle(); }

  /// Fetches the word's line for writing, so that publish() need not wait for it.
  [[gnu::always_inline]] inline void prefetch() const noexcept {
    __builtin_prefetch(&path_->word_, 1, 3);
  }

  /// Makes the new snapshot current. Requires: not over, not published.
  /// Progress: wait-free. Effects: one store. Errors: none are possible.
  [[gnu::always_inline]] inline void publish() noexcept {
    // [W2] pairs with [R1], [R4b], [R5b]: whoever sees the word sees the filled slot.
    // Weakened: hot_path.weakened_torture.stores.
    path_->word_.store(next_, std::memory_order_release);
  }

  /// Makes the outgoing snapshot current again, under a later generation; before the first
  /// promotion that is the empty descriptor. Requires: published, not over. Progress: wait-free.
  [[gnu::always_inline]] inline void undo() noexcept {
    path_->word_.store(roll_back_, std::memory_order_release);  // [W2]
  }

  /// publish() with what it needs in hand, for a record of the caller's own: a pointer and a value.
  class PublishStep {
   public:
    [[gnu::always_inline]] inline void operator()() const noexcept {
      word_->store(next_, std::memory_order_release);  // [W2]
    }

   private:
    friend class Publication;
    PublishStep(typename Traits::template Atomic<detail::Word>& word, detail::Word next) noexcept
        : word_(&word), next_(next) {}
    typename Traits::template Atomic<detail::Word>* word_;
    detail::Word next_;
  };
  /// Requires: not over; and the step is taken before this publication is.
  [[nodiscard]] PublishStep publish_step() const noexcept { return {path_->word_, next_}; }

  /// Ends the publication: retires what was replaced, scans if that is due, gives the token back
  /// and destroys what the scan found nobody reads; the rest waits for the next scan. Not
  /// published: frees the slots and nothing has changed. Idempotent. Effects: may make a system
  /// call, runs destructors of old snapshots on this thread.
  void settle() noexcept {
    HotPath<T, Traits>* const path = std::exchange(path_, nullptr);
    if (path == nullptr) return;
    typename HotPath<T, Traits>::Garbage garbage;
    path->conclude(outgoing_, next_, roll_back_, garbage);
    path->give_token_back();
  }

  /// False once it was settled or moved from.
  [[nodiscard]] bool is_open() const noexcept { return path_ != nullptr; }
  /// True from publish() on, also when undone. Requires: not over.
  [[nodiscard]] bool is_published() const noexcept { return current_word() != outgoing_; }
  /// True after undo(). Requires: not over.
  [[nodiscard]] bool is_undone() const noexcept { return current_word() == roll_back_; }

  /// The generation under which the new snapshot is published.
  [[nodiscard]] std::uint64_t generation() const noexcept { return detail::generation_of(next_); }
  /// The generation under which undo() publishes.
  [[nodiscard]] std::uint64_t roll_back_generation() const noexcept {
    return detail::generation_of(roll_back_);
  }
  /// What a reader finds after publish(), after undo(), and what it found before. Requires: not
  /// over.
  [[nodiscard]] Published next() const noexcept { return describe(next_); }
  [[nodiscard]] Published roll_back() const noexcept { return describe(roll_back_); }
  [[nodiscard]] Published outgoing() const noexcept { return describe(outgoing_); }

 private:
  friend class HotPath<T, Traits>;
  using Word = detail::Word;

  Publication(HotPath<T, Traits>& path, Word outgoing, Word next, Word roll_back) noexcept
      : path_(&path), next_(next), roll_back_(roll_back), outgoing_(outgoing) {}

  [[nodiscard]] Word current_word() const noexcept {
    return path_->word_.load(std::memory_order_relaxed);  // this thread is the one that stores it
  }
  [[nodiscard]] Published describe(Word word) const noexcept {
    const auto& descriptor = path_->slot(word);
    // Relaxed: the holder of the writer token is the one that fills slots.
    return {descriptor.id(), descriptor.epoch.load(std::memory_order_relaxed),
            detail::generation_of(word)};
  }

  HotPath<T, Traits>* path_;
  Word next_;
  Word roll_back_;
  Word outgoing_;
};

}  // namespace knhk::hot_path
