#include "knhk/promotion/validation_context.hpp"

namespace knhk::promotion {

receipts::InvariantResult judge_provenance(const ValidationContext& context) {
  receipts::InvariantResult result{
      "Q5", "provenance", receipts::Outcome::vacuous, "no parent is named", {}};
  if (!context.parent) return result;
  const ParentEvidence& parent = *context.parent;
  const auto refuse = [&](const Error& error) {
    result.outcome = receipts::Outcome::failed;
    result.detail = "parent " + parent.manifest.to_string() + ": " + to_string(error);
  };
  if (!parent.snapshot) {
    refuse(parent.snapshot.error());
  } else if (!parent.receipt) {
    refuse(parent.receipt.error());
  } else if (!parent.log) {
    refuse(parent.log.error());
  } else {
    result.outcome = receipts::Outcome::passed;
    result.detail = "parent " + parent.manifest.to_string() + " is admitted with evidence";
  }
  return result;
}

}  // namespace knhk::promotion
