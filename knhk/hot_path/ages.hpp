#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace knhk::hot_path {

/// How a reader came to see a snapshot.
enum class Way : std::uint8_t {
  pin,           ///< an outermost pin
  nested_pin,    ///< a pin within another
  sticky_fresh,  ///< what `current()` has just shown
  sticky_held,   ///< the same view, looked at again later
  id_only,       ///< `published()`, without a reader
};

/// How old what readers saw was, in generations that had been published since.
///
/// A look is made at a snapshot of generation `seen`, in a read that began when generation `began`
/// was current, and ends when `now` is current. Its age is `now - seen`, and the bound of its age
/// is `now - began`: no older than what was published during the read itself. The read begins
///  * for a pin, `current()` and `published()`: when it is called;
///  * for a nested pin: when the outermost one was called, whose snapshot it repeats;
///  * for a view that is looked at again: when the `current()` was called that gave it.
/// It is a bound because each of these ends in a load of the word that comes after the load that
/// gave `began` (loads of one object by one thread don't go back), or in a word that a scan took
/// for current after this thread had said `loading`; and what a hazard names is not refilled.
///
/// Threads: one at a time.
class Ages {
 public:
  static constexpr std::size_t kWays = 5;

  void add(Way way, std::uint64_t began, std::uint64_t seen, std::uint64_t now) noexcept {
    Row& row = rows_[static_cast<std::size_t>(way)];
    const std::uint64_t age = now - std::min(seen, now);
    ++row.counts[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(age)), kLast)];
    row.oldest = std::max(row.oldest, age);
    if (seen < began || seen > now) ++row.beyond;
  }

  Ages& operator+=(const Ages& other) noexcept {
    for (std::size_t way = 0; way < kWays; ++way) {
      Row& row = rows_[way];
      const Row& added = other.rows_[way];
      for (std::size_t i = 0; i < row.counts.size(); ++i) row.counts[i] += added.counts[i];
      row.oldest = std::max(row.oldest, added.oldest);
      row.beyond += added.beyond;
    }
    return *this;
  }

  /// Looks at what was older than its bound.
  [[nodiscard]] std::uint64_t beyond(Way way) const noexcept {
    return rows_[static_cast<std::size_t>(way)].beyond;
  }
  [[nodiscard]] std::uint64_t beyond() const noexcept {
    std::uint64_t total = 0;
    for (const Row& row : rows_) total += row.beyond;
    return total;
  }
  [[nodiscard]] std::uint64_t looks(Way way) const noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t count : rows_[static_cast<std::size_t>(way)].counts) total += count;
    return total;
  }

  /// The histogram as a table: a line per way, a column per range of ages.
  [[nodiscard]] std::string to_string() const {
    static constexpr std::array<std::string_view, kWays> kNames{
        "pin", "nested pin", "sticky, fresh", "sticky, held", "id only"};
    std::size_t columns = 1;
    for (const Row& row : rows_) {
      for (std::size_t i = 0; i < row.counts.size(); ++i) {
        if (row.counts[i] != 0) columns = std::max(columns, i + 1);
      }
    }
    std::string text = padded("age", kNameWidth);
    for (std::size_t i = 0; i < columns; ++i) text += right(range(i));
    text += right("oldest") + right("beyond") + '\n';
    for (std::size_t way = 0; way < kWays; ++way) {
      const Row& row = rows_[way];
      text += padded(kNames[way], kNameWidth);
      for (std::size_t i = 0; i < columns; ++i) text += right(std::to_string(row.counts[i]));
      text += right(std::to_string(row.oldest)) + right(std::to_string(row.beyond)) + '\n';
    }
    return text;
  }

 private:
  // counts[i]: ages of i bits, so 0, 1, 2-3, 4-7 and so on; the last has all that is older.
  static constexpr std::size_t kLast = 15;
  static constexpr std::size_t kNameWidth = 14;
  static constexpr std::size_t kColumnWidth = 12;
  struct Row {
    std::array<std::uint64_t, kLast + 1> counts{};
    std::uint64_t oldest = 0;
    std::uint64_t beyond = 0;
  };

  [[nodiscard]] static std::string range(std::size_t bits) {
    if (bits < 2) return std::to_string(bits);
    const std::string from = std::to_string(std::uint64_t{1} << (bits - 1));
    return bits == kLast ? from + "-" : from + "-" + std::to_string((std::uint64_t{1} << bits) - 1);
  }
  [[nodiscard]] static std::string padded(std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
  }
  [[nodiscard]] static std::string right(std::string_view text) {
    const std::size_t missing = kColumnWidth - std::min(kColumnWidth - 1, text.size());
    return std::string(missing, ' ') + std::string(text);
  }

  std::array<Row, kWays> rows_{};
};

}  // namespace knhk::hot_path
