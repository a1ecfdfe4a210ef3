#include "knhk/rdf/detail/line_loader.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "knhk/base/parallel.hpp"

namespace knhk::rdf::detail {
namespace {

/// What all threads of one load share.
class Loader {
 public:
  Loader(LineChunks& chunks, const LineLoad& load, DatasetBuilder& builder)
      : chunks_(chunks), load_(load), builder_(builder) {}

  Status run() {
    run_on_threads(load_.threads, [this] { work(); });
    if (failure_) return tl::unexpected(std::move(*failure_));
    return {};
  }

 private:
  // Takes chunks until there are none, or one of them failed.
  void work() {
    while (true) {
      LineChunk chunk;
      std::size_t number = 0;
      std::optional<Error> failure;
      {
        const std::lock_guard lock(chunks_lock_);
        if (exhausted_) return;
        failure = guarded([&]() -> std::optional<Error> {
          auto more = chunks_.next(chunk);
          if (!more) return std::move(more).error();
          exhausted_ = !*more;
          return std::nullopt;
        });
        if (failure) exhausted_ = true;
        if (exhausted_ && !failure) return;
        number = taken_++;
      }
      ParsedLines parsed;
      if (!failure) failure = guarded([&] { return parse(chunk, parsed); });
      std::unique_lock lock(order_lock_);
      turn_changed_.wait(lock, [&] { return turn_ == number; });
      if (!failure_) {
        if (!failure) failure = guarded([&] { return merge(chunk, parsed); });
        failure_ = std::move(failure);
        if (failure_) stop();
      }
      ++turn_;
      turn_changed_.notify_all();
    }
  }

  void stop() {
    const std::lock_guard lock(chunks_lock_);
    exhausted_ = true;
  }

  template <class Body>
  std::optional<Error> guarded(const Body& body) {
    try {
      return body();
    } catch (const std::bad_alloc&) {
    } catch (const std::length_error&) {
    }
    return Error{Errc::out_of_memory, std::string(load_.name), "not enough memory to read this"};
  }

  std::optional<Error> parse(LineChunk& chunk, ParsedLines& parsed) const {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (chunk.first && chunk.text.starts_with(kByteOrderMark)) {
      chunk.text.remove_prefix(kByteOrderMark.size());
    }
    if (auto flaw = find_encoding_flaw(chunk.text, chunk.first)) {
      // What is wrong in a line before it is told first, wherever chunks end.
      const std::size_t line_start = chunk.text.rfind('\n', flaw->offset) + 1;
      parsed = parse_lines(chunk.text.substr(0, line_start), load_.lines);
      if (!parsed.refusal) {
        parsed.refusal = Refusal{Errc::invalid_encoding, flaw->offset, std::move(flaw->detail)};
      }
      return std::nullopt;  // told in its turn, when the number of its line is known
    }
    parsed = parse_lines(chunk.text, load_.lines);
    return std::nullopt;
  }

  // In the order of the text, one chunk at a time.
  std::optional<Error> merge(const LineChunk& chunk, ParsedLines& parsed) {
    if (const auto& refusal = parsed.refusal) {
      return Error{refusal->code, position(load_.name, chunk.text, refusal->offset, lines_before_),
                   refusal->detail};
    }
    if (!builder_.absorb(parsed.terms, parsed.quads)) {
      return Error{Errc::limit_exceeded, std::string(load_.name), builder_.status().error().detail};
    }
    for (std::size_t i = 0; i < parsed.lines.size(); ++i) {
      (*load_.on_quad)(parsed.quads[i], lines_before_ + parsed.lines[i] + 1);
    }
    lines_before_ += parsed.line_count;
    return std::nullopt;
  }

  LineChunks& chunks_;
  const LineLoad& load_;
  DatasetBuilder& builder_;

  std::mutex chunks_lock_;
  bool exhausted_ = false;  // with the next, under chunks_lock_
  std::size_t taken_ = 0;

  std::mutex order_lock_;
  std::condition_variable turn_changed_;
  std::size_t turn_ = 0;  // this and what follows under order_lock_
  std::size_t lines_before_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Status load_lines(LineChunks& chunks, const LineLoad& load, DatasetBuilder& builder) {
  return Loader(chunks, load, builder).run();
}

}  // namespace knhk::rdf::detail
