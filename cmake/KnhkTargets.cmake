# One layer of the house is one folder under knhk/, one target `knhk_<layer>`, one alias
# `knhk::<layer>`. Tests and benchmarks stand beside their sources and are listed there.

include(GNUInstallDirs)

# knhk_layer(<name> [SOURCES files...] HEADERS files... [DEPENDS targets...] [PRIVATE targets...]
#            [COMPONENT name | NOT_INSTALLED])
# Without SOURCES the layer is header-only. HEADERS are installed; a header that only the layer's own
# sources include is listed among SOURCES. COMPONENT says with which part the layer is installed:
# `hot_path`, which needs nothing but tl::expected and threads, or `knhk` (the default).
# NOT_INSTALLED: with none, the build alone uses it.
function(knhk_layer name)
  cmake_parse_arguments(ARG "NOT_INSTALLED" "COMPONENT" "SOURCES;HEADERS;DEPENDS;PRIVATE" ${ARGN})
  if(NOT ARG_COMPONENT)
    set(ARG_COMPONENT knhk)
  endif()
  set(target knhk_${name})
  if(ARG_SOURCES)
    set(scope PUBLIC)
    add_library(${target} STATIC ${ARG_SOURCES})
    target_link_libraries(${target} PRIVATE
      $<BUILD_INTERFACE:knhk_warnings> ${ARG_PRIVATE})
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(knhk::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  target_link_libraries(${target} ${scope} ${ARG_DEPENDS})
  if(KNHK_INSTALL AND NOT ARG_NOT_INSTALLED)
    set_property(GLOBAL PROPERTY knhk_component_${ARG_COMPONENT} TRUE)
    install(TARGETS ${target} EXPORT knhk-${ARG_COMPONENT}-targets
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${ARG_COMPONENT}
      FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT ${ARG_COMPONENT})
  endif()
endfunction()

# knhk_test(<name> SOURCES files... [LINK targets...] [LABELS labels...] [DEFINITIONS defs...])
# One GoogleTest program; every TEST in it becomes one ctest test.
function(knhk_test name)
  if(NOT KNHK_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS;DEFINITIONS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main knhk_warnings)
  target_compile_definitions(${name} PRIVATE
    KNHK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" KNHK_BINARY_DIR="${PROJECT_BINARY_DIR}"
    ${ARG_DEFINITIONS})
  set(labels)
  if(ARG_LABELS)
    set(labels LABELS "${ARG_LABELS}")
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}."
    PROPERTIES TIMEOUT 300 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]" ${labels})
endfunction()

# knhk_bench(<name> SOURCES files... [LINK targets...] [WITHOUT_MAIN])
# One Google Benchmark program; never a test. WITHOUT_MAIN: it has a main of its own.
function(knhk_bench name)
  if(NOT KNHK_BENCHES)
    return()
  endif()
  cmake_parse_arguments(ARG "WITHOUT_MAIN" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  if(NOT ARG_WITHOUT_MAIN)
    list(APPEND ARG_LINK benchmark::benchmark_main)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_LINK} benchmark::benchmark knhk_warnings)
endfunction()

# knhk_fuzz(<name> SOURCES files... [LINK targets...] [DEFINITIONS defs...])
# One libFuzzer program, `<name>_fuzz`; scripts/fuzz runs it. All that it links is instrumented.
function(knhk_fuzz name)
  if(NOT KNHK_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;DEFINITIONS" ${ARGN})
  add_executable(${name}_fuzz ${ARG_SOURCES})
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_LINK} knhk_warnings)
  target_compile_definitions(${name}_fuzz PRIVATE ${ARG_DEFINITIONS})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzz_targets ${name}_fuzz)
endfunction()

# knhk_compile_test(<name> SOURCE file LINK targets... [DEFINE macro] [FAILS regex])
# Compiles one translation unit as a test. With FAILS it must not compile and the diagnostic must
# match; its twin is the same file without DEFINE and FAILS, and must compile.
function(knhk_compile_test name)
  if(NOT KNHK_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "SOURCE;DEFINE;FAILS;COMPILER" "LINK;FLAGS" ${ARGN})
  set(library compile_${name})
  string(MAKE_C_IDENTIFIER ${library} library)
  add_library(${library} OBJECT EXCLUDE_FROM_ALL ${ARG_SOURCE})
  target_link_libraries(${library} PRIVATE ${ARG_LINK})
  target_compile_options(${library} PRIVATE ${ARG_FLAGS})
  if(ARG_DEFINE)
    target_compile_definitions(${library} PRIVATE ${ARG_DEFINE})
  endif()
  add_test(NAME compile.${name}
    COMMAND ${CMAKE_COMMAND}
      -DBUILD_DIR=${PROJECT_BINARY_DIR} -DTARGET=${library} "-DFAILS=${ARG_FAILS}"
      -P ${PROJECT_SOURCE_DIR}/cmake/CompileTest.cmake)
  set_tests_properties(compile.${name} PROPERTIES RESOURCE_LOCK knhk_build_tree LABELS compile)
endfunction()
