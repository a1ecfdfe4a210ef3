#include "cli/invariants.hpp"

#include "cli/text.hpp"

namespace knhk::cli {

std::string to_text(const receipts::InvariantResults& invariants, std::size_t indent) {
  Table table(indent);
  for (const receipts::InvariantResult& result : invariants) {
    table.add({result.name, result.title, std::string(receipts::to_string(result.outcome)),
               result.detail});
  }
  return table.to_string();
}

}  // namespace knhk::cli
