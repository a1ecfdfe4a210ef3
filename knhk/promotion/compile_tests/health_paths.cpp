// Recording health out of line, for object_code_test.py to read.

#include "knhk/promotion/health.hpp"

extern "C" {

void fast_record(knhk::promotion::HealthReader& reader, std::uint64_t epoch,
                 knhk::promotion::Outcome outcome, std::chrono::nanoseconds latency) {
  reader.record(epoch, outcome, latency);
}

void fast_record_untimed(knhk::promotion::HealthReader& reader, std::uint64_t epoch,
                         knhk::promotion::Outcome outcome) {
  reader.record(epoch, outcome);
}

}  // extern "C"
