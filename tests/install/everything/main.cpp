// A program that wants all of it: reads RDF, checks its shapes, and has a hot path for ontologies.
#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/snapshot.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/shacl/validate.hpp"

int main() {
  const std::vector<knhk::promotion::Source> sources{
      {"data.nt", "<https://example.org/a> <https://example.org/b> \"c\" .\n"}};
  const auto snapshot = knhk::ontology::Snapshot::read(sources);
  if (!snapshot || snapshot->data().dataset.size() != 1) return 1;
  return knhk::ontology::current_snapshot() ? 2 : 0;
}
