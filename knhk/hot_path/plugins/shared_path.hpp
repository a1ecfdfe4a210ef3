#pragma once

#include "knhk/hot_path/hot_path.hpp"
#include "knhk/hot_path/snapshots_for_tests.hpp"

namespace knhk::hot_path {

/// The hot path that the program and its plug-ins share: the one symbol of knhk's that any of them
/// exports. All else that the headers bring along is hidden, and there once in each of them.
[[gnu::visibility("default")]] extern constinit HotPath<int, EagerTraits> shared_path;

}  // namespace knhk::hot_path
