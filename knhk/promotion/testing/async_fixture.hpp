#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "knhk/promotion/testing/pipeline_fixture.hpp"
#include "knhk/promotion/testing/threads.hpp"

namespace knhk::promotion::testing {

/// A `PipelineTest` whose compilations can be made to wait.
class AsyncTest : public PipelineTest {
 protected:
  void wait_in_compilation_of(std::string_view text, Door& door) {
    domain.while_compiling = [text, &door](const std::string& compiled,
                                           const std::stop_token& stop) {
      if (compiled == text) door.pass(stop);
    };
  }
  [[nodiscard]] PipelineOptions on_channel(std::string channel) {
    PipelineOptions with = options();
    with.channel = std::move(channel);
    return with;
  }
};

}  // namespace knhk::promotion::testing
