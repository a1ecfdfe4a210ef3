#include "knhk/promotion/health.hpp"

#include <utility>

namespace knhk::promotion {

HealthFigures Health::figures(std::uint64_t epoch) const {
  HealthFigures sum;
  if (epoch == 0) return sum;
  const std::scoped_lock lock(mutex_);
  for (const auto& record : records_) {
    for (const Record::Bank& bank : record->banks) {
      HealthFigures counted;
      if (bank.read(epoch, [&](std::size_t cell, std::uint64_t outcomes) {
            counted.add(cell, outcomes);
          })) {
        sum += counted;
      }
    }
  }
  return sum;
}

std::uint64_t Health::late() const {
  const std::scoped_lock lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& record : records_) sum += record->late.load(std::memory_order_relaxed);
  return sum;
}

std::size_t Health::readers() const {
  const std::scoped_lock lock(mutex_);
  return records_.size() - free_.size();
}

Health::Record* Health::take() {
  const std::scoped_lock lock(mutex_);
  if (!free_.empty()) {
    Record* const record = free_.back();
    free_.pop_back();
    return record;
  }
  free_.reserve(records_.size() + 1);  // so that handing back never fails
  return records_.emplace_back(std::make_unique<Record>()).get();
}

void Health::hand_back(Record* record) noexcept {
  const std::scoped_lock lock(mutex_);
  free_.push_back(record);
}

Health::Record::Bank* HealthReader::turn_to(Health::Record& record, std::uint64_t epoch) noexcept {
  if (epoch == 0) return nullptr;
  Health::Record::Bank* const bank = record.bank_for(epoch);
  if (bank == nullptr) {
    // Relaxed: a figure; nobody else stores it.
    record.late.store(record.late.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  return bank;
}

}  // namespace knhk::promotion
