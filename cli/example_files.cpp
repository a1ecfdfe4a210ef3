#include "cli/example_files.hpp"

#include <cstddef>

// KNHK_EXAMPLE_DIR is the folder of the example; the assembler copies the bytes of its files.
#define KNHK_EMBED(symbol, file)                                                              \
  __asm__(                                                                                    \
      ".section .rodata\n"                                                                    \
      ".global knhk_embedded_" #symbol                                                        \
      "\n"                                                                                    \
      ".global knhk_embedded_" #symbol                                                        \
      "_end\n"                                                                                \
      "knhk_embedded_" #symbol                                                                \
      ":\n"                                                                                   \
      ".incbin \"" KNHK_EXAMPLE_DIR "/" file                                                  \
      "\"\n"                                                                                  \
      "knhk_embedded_" #symbol                                                                \
      "_end:\n"                                                                               \
      ".byte 0\n"                                                                             \
      ".previous\n");                                                                         \
  extern "C" const char knhk_embedded_##symbol[];                                             \
  extern "C" const char knhk_embedded_##symbol##_end[];                                       \
  namespace knhk::cli {                                                                       \
  std::string_view example_##symbol() noexcept {                                              \
    return {knhk_embedded_##symbol,                                                           \
            static_cast<std::size_t>(knhk_embedded_##symbol##_end - knhk_embedded_##symbol)}; \
  }                                                                                           \
  }

KNHK_EMBED(v1, "v1.ttl")
KNHK_EMBED(v2, "v2.ttl")
KNHK_EMBED(v3, "v3.ttl")
KNHK_EMBED(v4, "v4.ttl")
KNHK_EMBED(shapes, "shapes.ttl")
