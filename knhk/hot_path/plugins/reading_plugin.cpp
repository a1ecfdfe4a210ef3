// A plug-in that has nowhere to keep a reader, so uses the thread's own.

#include "knhk/hot_path/plugins/reading_plugin.hpp"

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/plugins/shared_path.hpp"

namespace knhk::hot_path {
namespace {

using OfThread = HotPathBinder<shared_path>;

bool make_current(int snapshot) {
  const auto n = static_cast<std::uint64_t>(snapshot);
  auto publication = shared_path.prepare(id_of(n), std::make_shared<const int>(snapshot), n);
  if (!publication) return false;
  publication->publish();
  return true;
}

}  // namespace
}  // namespace knhk::hot_path

extern "C" {
[[gnu::visibility("default")]] extern const knhk::hot_path::ReadingPlugin reading_plugin;
const knhk::hot_path::ReadingPlugin reading_plugin{
    .read = []() -> int {
      const auto pin = knhk::hot_path::OfThread::pin();
      return pin && knhk::hot_path::number_of(pin.id()) == static_cast<std::uint64_t>(*pin) ? *pin
                                                                                            : -1;
    },
    .reader = []() -> const void* { return &knhk::hot_path::OfThread::reader(); },
    .path = []() -> const void* { return &knhk::hot_path::shared_path; },
    .promote = knhk::hot_path::make_current,
};
}
