#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "knhk/rdf/xsd.hpp"

// Dates, times and durations of XML Schema, read from their lexical forms. Internal to xsd.cpp.
namespace knhk::rdf {

/// A point on the time line of XML Schema 1.1 part 2 section E.3.4; local when there is no zone.
struct Instant {
  bool has_zone = false;
  std::int64_t seconds = 0;    // from 0001-01-01T00:00:00, in UTC when there is a zone
  std::uint64_t fraction = 0;  // of a second, in units of 10^-18
  bool out_of_range = false;   // a valid form whose year has more than 10 digits
};

/// Reads a lexical form of one of the seven date and time types or of `dateTimeStamp`; parts that a
/// type lacks take the values of the specification's reference date. Nothing for an invalid form.
[[nodiscard]] std::optional<Instant> read_instant(Datatype datatype,
                                                  std::string_view lexical) noexcept;
[[nodiscard]] std::partial_ordering compare(const Instant& left, const Instant& right) noexcept;

/// A duration: months, and seconds with a fraction of the same sign as `negative` says.
struct Duration {
  bool negative = false;
  std::int64_t months = 0;
  std::int64_t seconds = 0;
  std::uint64_t fraction = 0;
  bool out_of_range = false;
};

/// Reads a duration, or one of the two restricted kinds. Nothing for an invalid form.
[[nodiscard]] std::optional<Duration> read_duration(Datatype datatype,
                                                    std::string_view lexical) noexcept;
[[nodiscard]] std::partial_ordering compare(const Duration& left, const Duration& right) noexcept;

}  // namespace knhk::rdf
