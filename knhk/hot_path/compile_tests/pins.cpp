// What a pin refuses. Each macro turns on one wrong line; without one, the file compiles.

#include <memory>
#include <string>

#include "knhk/hot_path/reader.hpp"

namespace {

using knhk::hot_path::HotPath;
using knhk::hot_path::Pin;
using knhk::hot_path::Reader;

struct Table {
  std::string name;
};

}  // namespace

std::size_t length_of_name(HotPath<Table>& path) {
  Reader reader(path);
#if defined(DEREFERENCE_A_PIN_WITHOUT_A_NAME)
  const Table& table = *reader.pin();
#elif defined(POINT_THROUGH_A_PIN_WITHOUT_A_NAME)
  const Table& table = *reader.pin().operator->();
#else
  const auto pin = reader.pin();
  const Table& table = *pin;
#endif
#if defined(MOVE_A_PIN)
  auto moved = std::move(pin);
#elif defined(COPY_A_PIN)
  auto copied(pin);
#elif defined(CHANGE_A_SNAPSHOT)
  pin->name = "other";
#elif defined(COPY_A_READER)
  Reader copied(reader);
#endif
  return table.name.size();
}
