#include "cli/bake_diary.hpp"

#include <optional>
#include <string>

namespace knhk::cli {

void BakeDiary::note(const Result<std::optional<promotion::BakeReport>>& told) {
  const std::scoped_lock lock(mutex_);
  if (!told) {
    error_ = told.error();
  } else if (*told) {
    reports_[(*told)->look.epoch].push_back(**told);
  }
  noted_.notify_all();
}

Result<std::vector<promotion::BakeReport>> BakeDiary::wait_for_decision(
    std::uint64_t epoch, std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  const auto is_decided = [&] {
    const auto found = reports_.find(epoch);
    return found != reports_.end() &&
           found->second.back().look.state != promotion::Bake::State::baking;
  };
  const bool came = noted_.wait_for(lock, patience, [&] { return error_ || is_decided(); });
  if (error_) return tl::unexpected(*error_);
  if (!came) {
    return fail(
        Errc::io_error, "epoch " + std::to_string(epoch),
        "no decision on its snapshot came within " + std::to_string(patience.count()) + " s");
  }
  return reports_[epoch];
}

}  // namespace knhk::cli
