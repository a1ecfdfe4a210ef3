# The peers in Rust, from the sources that Debian packages; without any network.
set(registry /usr/share/cargo/registry)
find_program(KNHK_CARGO cargo)
mark_as_advanced(KNHK_CARGO)
file(GLOB arc_swap ${registry}/arc-swap-1.*)
file(GLOB crossbeam ${registry}/crossbeam-epoch-0.9.*)
if(NOT KNHK_CARGO OR NOT arc_swap OR NOT crossbeam)
  return()
endif()

# Cargo writes its lock file beside the manifest, so the crate is built from a copy.
set(crate ${CMAKE_CURRENT_BINARY_DIR}/rust)
set(archive ${crate}/target/release/libknhk_bench_peers.a)
set(sources Cargo.toml src/arc_swap_cache.rs src/arc_swap_load.rs src/crossbeam.rs src/lib.rs
  src/loops.rs src/snapshot.rs)
list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/rust/ OUTPUT_VARIABLE originals)
add_custom_command(OUTPUT ${archive}
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_CURRENT_SOURCE_DIR}/rust ${crate}
  COMMAND ${KNHK_CARGO} build --release --offline --quiet
    --manifest-path ${crate}/Cargo.toml --target-dir ${crate}/target
    --config "source.crates-io.replace-with='debian'"
    --config "source.debian.directory='${registry}'"
  COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${archive}
  DEPENDS ${originals}
  COMMENT "Building the peers in Rust"
  VERBATIM)
add_custom_target(knhk_rust_peers DEPENDS ${archive})

execute_process(COMMAND ${KNHK_CARGO} --version OUTPUT_VARIABLE cargo_version
  OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "^cargo ([0-9.]+).*" "Rust \\1" rust_version "${cargo_version}")
# Of several versions cargo takes the highest.
foreach(found arc_swap crossbeam)
  list(SORT ${found} COMPARE NATURAL)
  list(GET ${found} -1 ${found})
endforeach()
string(REGEX REPLACE ".*/arc-swap-" "" arc_swap_version "${arc_swap}")
string(REGEX REPLACE ".*/crossbeam-epoch-" "" crossbeam_version "${crossbeam}")

add_dependencies(knhk_contestants knhk_rust_peers)
target_sources(knhk_contestants PRIVATE contestants/foreign.hpp contestants/rust.cpp)
target_link_libraries(knhk_contestants PRIVATE ${archive} Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(knhk_contestants PRIVATE
  KNHK_BENCH_RUST_VERSION="${rust_version}"
  KNHK_BENCH_ARC_SWAP_VERSION="${arc_swap_version}"
  KNHK_BENCH_CROSSBEAM_VERSION="${crossbeam_version}")
