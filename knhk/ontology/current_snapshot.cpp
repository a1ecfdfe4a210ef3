#include "knhk/ontology/current_snapshot.hpp"

namespace knhk::ontology {

constinit OntologyHotPath default_hot_path;

hot_path::FenceMode init_hot_path() noexcept { return default_hot_path.init(); }

}  // namespace knhk::ontology
