// The fast paths out of line, for object_code_test.py to read.

#include <new>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/reader.hpp"
#include "knhk/hot_path/sticky_reader.hpp"

namespace {

using knhk::SnapshotId;
using knhk::hot_path::HotPath;
using knhk::hot_path::HotPathBinder;
using knhk::hot_path::Pin;
using knhk::hot_path::Publication;
using knhk::hot_path::Reader;
using knhk::hot_path::StickyReader;

}  // namespace

struct Table {
  long first;
};

constinit HotPath<Table> fast_path;

extern "C" {

void fast_current_id(const HotPath<Table>& path, SnapshotId& out) { out = path.current_id(); }

long fast_pin(Reader<Table>& reader) {
  const auto pin = reader.pin();
  return pin->first;
}

void fast_pin_alone(Reader<Table>& reader, void* place) { new (place) Pin<Table>(reader); }

void fast_unpin(Pin<Table>& pin) { pin.~Pin(); }

long fast_sticky(StickyReader<Table>& reader) { return reader.current()->first; }

long fast_binder_pin() {
  const auto pin = HotPathBinder<fast_path>::pin();
  return pin->first;
}

void fast_publish(Publication<Table>& publication) { publication.publish(); }

void fast_undo(Publication<Table>& publication) { publication.undo(); }

}  // extern "C"
