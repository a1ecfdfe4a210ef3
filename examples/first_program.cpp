#include <chrono>
#include <iostream>
#include <vector>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/domain.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"

// region: program
int main() {
  const auto key = knhk::crypto::PrivateKey::generate_ed25519();
  const auto store = knhk::store::Store::create("tea-store", "tea");
  if (!key || !store) return 3;
  knhk::receipts::TrustedKeys trusted;
  trusted.add(key->public_key());

  const knhk::ontology::OntologyDomain compiler;
  knhk::promotion::PromotionPipeline pipeline(*store, compiler, knhk::ontology::default_hot_path,
                                              trusted, &*key);
  const std::vector<knhk::promotion::Source> sources{
      {"tea.ttl", "@prefix tea: <https://example.org/tea#> . tea:assam tea:minutes 4 ."}};
  const auto admission = pipeline.admit(sources);
  if (!admission) return 1;
  const auto report = pipeline.promote_snapshot(admission->snapshot);
  if (!report) return 1;

  const auto current = knhk::ontology::current_snapshot();
  std::cout << "promoted " << current.id().to_string() << "\nin "
            << std::chrono::duration<double, std::milli>(report->total).count() << " ms, "
            << "with " << current->index().count({}).answer << " triple to ask about\n";
}
// end: program
