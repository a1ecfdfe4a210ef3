#include "knhk/rdf/xsd_time.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace knhk::rdf {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::uint64_t kFractionUnits = 1'000'000'000'000'000'000U;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads a text from its front; every function says whether it found what it wanted.
struct Scanner {
  std::string_view rest;

  bool take(char wanted) noexcept {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view take_digits() noexcept {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - rest.begin());
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
  }
  bool take_two(int& value, int low, int high) noexcept {
    if (rest.size() < 2 || !is_digit(rest[0]) || !is_digit(rest[1])) return false;
    value = (rest[0] - '0') * 10 + (rest[1] - '0');
    rest.remove_prefix(2);
    return value >= low && value <= high;
  }
};

std::int64_t to_number(std::string_view digits, bool& out_of_range) noexcept {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > 10) {
    out_of_range = true;
    return 0;
  }
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::uint64_t to_fraction(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 18; ++i) {
    value = value * 10 + (i < digits.size() ? static_cast<std::uint64_t>(digits[i] - '0') : 0U);
  }
  return value;
}

bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(std::int64_t year, int month) noexcept {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// Days from 0001-01-01 in the proleptic Gregorian calendar; year 0 is 1 BCE.
std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept {
  const std::int64_t shifted = month <= 2 ? year - 1 : year;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 306;
}

/// The parts of an instant before they are put on the time line.
struct Parts {
  std::int64_t year = 1972;  // XML Schema's reference: a leap year
  int month = 12;
  int day = 31;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::uint64_t fraction = 0;
  bool out_of_range = false;
};

bool take_year(Scanner& scanner, Parts& parts) noexcept {
  const bool negative = scanner.take('-');
  const std::string_view digits = scanner.take_digits();
  if (digits.size() < 4 || (digits.size() > 4 && digits.front() == '0')) return false;
  parts.year = to_number(digits, parts.out_of_range);
  if (negative) parts.year = -parts.year;
  return true;
}

bool take_time(Scanner& scanner, Parts& parts) noexcept {
  if (!scanner.take_two(parts.hour, 0, 24) || !scanner.take(':') ||
      !scanner.take_two(parts.minute, 0, 59) || !scanner.take(':') ||
      !scanner.take_two(parts.second, 0, 59)) {
    return false;
  }
  if (scanner.take('.')) {
    const std::string_view digits = scanner.take_digits();
    if (digits.empty()) return false;
    if (parts.hour == 24 && digits.find_first_not_of('0') != std::string_view::npos) return false;
    parts.fraction = to_fraction(digits);
  }
  return parts.hour < 24 || (parts.minute == 0 && parts.second == 0);
}

bool take_month(Scanner& scanner, Parts& parts) noexcept {
  return scanner.take_two(parts.month, 1, 12);
}
bool take_day(Scanner& scanner, Parts& parts) noexcept {
  return scanner.take_two(parts.day, 1, 31);
}

bool take_parts(Datatype datatype, Scanner& scanner, Parts& parts) noexcept {
  const auto date = [&] {
    return take_year(scanner, parts) && scanner.take('-') && take_month(scanner, parts) &&
           scanner.take('-') && take_day(scanner, parts);
  };
  const auto dashes = [&] { return scanner.take('-') && scanner.take('-'); };
  switch (datatype) {
    case Datatype::date_time:
    case Datatype::date_time_stamp:
      return date() && scanner.take('T') && take_time(scanner, parts);
    case Datatype::date:
      return date();
    case Datatype::time:
      return take_time(scanner, parts);
    case Datatype::g_year:
      parts.month = parts.day = 1;
      return take_year(scanner, parts);
    case Datatype::g_year_month:
      parts.day = 1;
      return take_year(scanner, parts) && scanner.take('-') && take_month(scanner, parts);
    case Datatype::g_month:
      parts.day = 1;
      return dashes() && take_month(scanner, parts);
    case Datatype::g_month_day:
      return dashes() && take_month(scanner, parts) && scanner.take('-') &&
             take_day(scanner, parts);
    case Datatype::g_day:
      return dashes() && scanner.take('-') && take_day(scanner, parts);
    default:
      return false;
  }
}

/// The zone at the end: nothing left over, and its offset in seconds if there is one.
bool take_zone(Scanner& scanner, bool& has_zone, std::int64_t& offset) noexcept {
  if (scanner.rest.empty()) return true;
  has_zone = true;
  if (scanner.take('Z')) return scanner.rest.empty();
  const bool negative = !scanner.rest.empty() && scanner.rest.front() == '-';
  int hour = 0;
  int minute = 0;
  if ((!scanner.take('-') && !scanner.take('+')) || !scanner.take_two(hour, 0, 14) ||
      !scanner.take(':') || !scanner.take_two(minute, 0, 59) || !scanner.rest.empty()) {
    return false;
  }
  if (hour == 14 && minute != 0) return false;
  offset = (negative ? -1 : 1) * (hour * 3600 + minute * 60);
  return true;
}

std::strong_ordering compare_moments(const Instant& left, const Instant& right,
                                     std::int64_t right_shift) noexcept {
  const std::int64_t right_seconds = right.seconds + right_shift;
  return std::tie(left.seconds, left.fraction) <=> std::tie(right_seconds, right.fraction);
}

/// `seconds.fraction` with its sign, as a floor and a fraction that is never negative.
std::pair<std::int64_t, std::uint64_t> signed_seconds(const Duration& duration) noexcept {
  if (!duration.negative) return {duration.seconds, duration.fraction};
  if (duration.fraction == 0) return {-duration.seconds, 0};
  return {-duration.seconds - 1, kFractionUnits - duration.fraction};
}

/// Where `duration` ends when it starts on the first of a month.
std::pair<std::int64_t, std::uint64_t> end_from(std::int64_t year, int month,
                                                const Duration& duration) noexcept {
  const std::int64_t months = duration.negative ? -duration.months : duration.months;
  const std::int64_t total = year * 12 + (month - 1) + months;
  const std::int64_t end_year = (total >= 0 ? total : total - 11) / 12;
  const int end_month = static_cast<int>(total - end_year * 12) + 1;
  auto [seconds, fraction] = signed_seconds(duration);
  return {days_from_civil(end_year, end_month, 1) * kDay + seconds, fraction};
}

}  // namespace

std::optional<Instant> read_instant(Datatype datatype, std::string_view lexical) noexcept {
  Scanner scanner{lexical};
  Parts parts;
  Instant instant;
  std::int64_t offset = 0;
  if (!take_parts(datatype, scanner, parts) || !take_zone(scanner, instant.has_zone, offset)) {
    return std::nullopt;
  }
  if (datatype == Datatype::date_time_stamp && !instant.has_zone) return std::nullopt;
  if (parts.day > days_in_month(parts.year, parts.month)) return std::nullopt;
  if (datatype == Datatype::time && parts.hour == 24) parts.hour = 0;
  instant.out_of_range = parts.out_of_range;
  instant.seconds = days_from_civil(parts.year, parts.month, parts.day) * kDay + parts.hour * 3600 +
                    parts.minute * 60 + parts.second - offset;
  instant.fraction = parts.fraction;
  return instant;
}

std::partial_ordering compare(const Instant& left, const Instant& right) noexcept {
  if (left.out_of_range || right.out_of_range) return std::partial_ordering::unordered;
  if (left.has_zone == right.has_zone) return compare_moments(left, right, 0);
  // A local time is some moment between 14 hours before and 14 hours after the same in UTC.
  constexpr std::int64_t kWidest = 14 * 3600;
  const auto early = compare_moments(left, right, -kWidest);
  const auto late = compare_moments(left, right, kWidest);
  if (early == late && early != 0) return early;
  return std::partial_ordering::unordered;
}

std::optional<Duration> read_duration(Datatype datatype, std::string_view lexical) noexcept {
  Scanner scanner{lexical};
  Duration duration;
  duration.negative = scanner.take('-');
  if (!scanner.take('P')) return std::nullopt;
  bool& far = duration.out_of_range;
  constexpr std::string_view kUnits = "YMDHMS";  // in order; after the T: the last three
  std::size_t next = 0;
  bool in_time = false;
  bool any = false;
  while (!scanner.rest.empty()) {
    if (!in_time && scanner.take('T')) {
      in_time = true;
      next = 3;
    }
    const std::string_view digits = scanner.take_digits();
    std::string_view fraction;
    if (in_time && scanner.take('.')) {
      fraction = scanner.take_digits();
      if (fraction.empty()) return std::nullopt;
    }
    if (digits.empty() || scanner.rest.empty()) return std::nullopt;
    const std::size_t limit = in_time ? 6 : 3;
    std::size_t unit = next;
    while (unit < limit && kUnits[unit] != scanner.rest.front()) ++unit;
    if (unit == limit || (!fraction.empty() && unit != 5)) return std::nullopt;
    if (datatype == Datatype::year_month_duration && unit > 1) return std::nullopt;
    if (datatype == Datatype::day_time_duration && unit < 2) return std::nullopt;
    scanner.rest.remove_prefix(1);
    constexpr std::array<std::int64_t, 6> kFactors = {12, 1, kDay, 3600, 60, 1};
    const std::int64_t amount = to_number(digits, far) * kFactors[unit];
    (unit < 2 ? duration.months : duration.seconds) += amount;
    if (unit == 5) duration.fraction = to_fraction(fraction);
    next = unit + 1;
    any = true;
  }
  if (!any) return std::nullopt;
  return duration;
}

std::partial_ordering compare(const Duration& left, const Duration& right) noexcept {
  if (left.out_of_range || right.out_of_range) return std::partial_ordering::unordered;
  constexpr std::array<std::pair<std::int64_t, int>, 4> kReferences = {
      {{1696, 9}, {1697, 2}, {1903, 3}, {1903, 7}}};
  std::optional<std::strong_ordering> agreed;
  for (const auto& [year, month] : kReferences) {
    const auto order = end_from(year, month, left) <=> end_from(year, month, right);
    if (agreed && *agreed != order) return std::partial_ordering::unordered;
    agreed = order;
  }
  return *agreed;
}

}  // namespace knhk::rdf
