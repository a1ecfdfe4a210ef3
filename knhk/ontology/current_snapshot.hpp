#pragma once

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/hot_path.hpp"
#include "knhk/ontology/artifacts.hpp"

namespace knhk::ontology {

using OntologyHotPath = hot_path::HotPath<OntologyArtifacts>;

/// The process's default hot path for its ontology: constant-initialised, so that code which runs
/// before `main` finds "no snapshot yet" and nothing worse. Further ones are just objects.
extern OntologyHotPath default_hot_path;

/// The default hot path, bound at compile time, with a reader for each thread.
using DefaultHotPath = hot_path::HotPathBinder<default_hot_path>;

/// Registers the process for cheap reads early, instead of at the first read. Optional, idempotent.
/// Effects: up to two system calls, once.
hot_path::FenceMode init_hot_path() noexcept;

/// The snapshot that is current on the default hot path, held until the end of the block:
///
///     if (const auto snapshot = current_snapshot()) answer(snapshot->index());
///
/// Tests false before the first promotion. Request loops do better with a
/// `hot_path::StickyReader` of their own.
/// Threads: any. Progress: wait-free but for a thread's first call, which allocates.
[[nodiscard]] inline DefaultHotPath::PinType current_snapshot() { return DefaultHotPath::pin(); }

}  // namespace knhk::ontology
