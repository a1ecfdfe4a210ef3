// A program that wants the swap alone: its own type, no RDF, no store, no OpenSSL.
#include <memory>
#include <string>

#include "knhk/hot_path/hot_path.hpp"
#include "knhk/hot_path/reader.hpp"

namespace {

struct Greeting {
  std::string text;
};

constinit knhk::hot_path::HotPath<Greeting> current_greeting;

}  // namespace

int main() {
  knhk::hot_path::Reader reader(current_greeting);
  if (reader.pin()) return 1;

  knhk::SnapshotId id;
  id.bytes[0] = 1;
  auto publication =
      current_greeting.prepare(id, std::make_shared<const Greeting>(Greeting{"hello"}), 1);
  if (!publication) return 2;
  publication->publish();
  publication->settle();

  const auto pin = reader.pin();
  return pin && pin->text == "hello" && current_greeting.current_id() == id ? 0 : 3;
}
