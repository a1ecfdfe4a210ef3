#include "knhk/rdf/detail/written_terms.hpp"

#include <cstdint>

#include "knhk/base/parallel.hpp"

namespace knhk::rdf::detail {

WrittenTerms::WrittenTerms(std::size_t count,
                           const std::function<void(TermId, std::string&)>& write, unsigned threads)
    : texts_(count) {
  constexpr std::size_t kTermsPerBlock = 1U << 12U;
  blocks_.resize(count / kTermsPerBlock + 1);
  parallel_chunks(count, kTermsPerBlock, threads, [&](std::size_t first, std::size_t last) {
    std::string& block = blocks_[first / kTermsPerBlock];
    std::vector<std::size_t> starts;
    starts.reserve(last - first + 1);
    for (std::size_t i = first; i < last; ++i) {
      starts.push_back(block.size());
      write(TermId{static_cast<std::uint32_t>(i)}, block);
    }
    starts.push_back(block.size());
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t start = starts[i - first];
      texts_[i] = std::string_view(block).substr(start, starts[i - first + 1] - start);
    }
  });
}

}  // namespace knhk::rdf::detail
