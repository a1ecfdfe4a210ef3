#pragma once

namespace knhk::hot_path {

/// What a plug-in of this test exports, under the name `reading_plugin`.
struct ReadingPlugin {
  int (*read)();                  ///< the current snapshot's number, by the thread's own reader
  const void* (*reader)();        ///< the thread's own reader
  const void* (*path)();          ///< the hot path that it sees
  bool (*promote)(int snapshot);  ///< makes `snapshot` current
};

}  // namespace knhk::hot_path
