# What must not compile, each with its twin: the same file without the definition.

function(knhk_promotion_refuses name source define diagnostic)
  knhk_compile_test(promotion.${name} SOURCE compile_tests/${source} LINK knhk::promotion
    DEFINE ${define} FAILS "${diagnostic}")
endfunction()

knhk_compile_test(promotion.guard_twin SOURCE compile_tests/guard.cpp LINK knhk::promotion)
knhk_promotion_refuses(promote_an_lvalue guard.cpp KNHK_PROMOTE_AN_LVALUE
  "as .*this.* argument discards qualifiers|is an lvalue, but function has rvalue")
knhk_promotion_refuses(promote_preparing guard.cpp KNHK_PROMOTE_PREPARING
  "Preparing.*has no member named .*promote|no member named .promote. in .*Preparing")
knhk_promotion_refuses(copy_a_guard guard.cpp KNHK_COPY
  "use of deleted function.*PromotionGuard|call to implicitly-deleted copy constructor")
knhk_promotion_refuses(make_a_ready_guard guard.cpp KNHK_MAKE_READY
  "could not convert|no matching constructor")
knhk_promotion_refuses(skip_validation guard.cpp KNHK_SKIP_VALIDATION
  "InvariantsPreserved.*is private|private constructor")

knhk_compile_test(promotion.concepts_twin SOURCE compile_tests/concepts.cpp LINK knhk::promotion)
knhk_promotion_refuses(descriptor_of_72_bytes concepts.cpp KNHK_DESCRIPTOR_OF_72_BYTES
  "a snapshot descriptor must fit one cache line of 64 bytes")
knhk_promotion_refuses(descriptor_of_60_bytes concepts.cpp KNHK_DESCRIPTOR_OF_60_BYTES
  "a snapshot descriptor must consist of whole 8-byte words")
knhk_promotion_refuses(aggregate_without_id concepts.cpp KNHK_WITHOUT_ID
  "not PromotionSafe: no member is a SnapshotId")
knhk_promotion_refuses(aggregate_without_receipt concepts.cpp KNHK_WITHOUT_RECEIPT
  "not PromotionSafe: no member is a receipts::Receipt")
knhk_promotion_refuses(aggregate_without_artifacts concepts.cpp KNHK_WITHOUT_ARTIFACTS
  "not PromotionSafe: no member is, or points to, artifacts")
knhk_promotion_refuses(domain_that_cannot_load concepts.cpp KNHK_DOMAIN_THAT_CANNOT_LOAD
  "this Domain lacks load")
knhk_promotion_refuses(domain_with_another_id concepts.cpp KNHK_DOMAIN_WITH_ANOTHER_ID
  "this Domain lacks id")

# Clang alone knows typestates; where there is none, the tests say that they were skipped.
find_program(KNHK_CLANG NAMES clang++-19 clang++)
function(knhk_consumed_test name define diagnostic)
  set(test compile.promotion.consumed.${name})
  if(NOT KNHK_CLANG)
    add_test(NAME ${test} COMMAND ${CMAKE_COMMAND} -E echo "skipped: there is no clang++")
    set_tests_properties(${test} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped")
    return()
  endif()
  set(definition)
  if(define)
    set(definition -D${define})
  endif()
  add_test(NAME ${test}
    COMMAND ${CMAKE_COMMAND} -DCLANG=${KNHK_CLANG} -DINCLUDE=${PROJECT_SOURCE_DIR}
      -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/compile_tests/guard.cpp -DDEFINE=${definition}
      "-DFAILS=${diagnostic}" -P ${CMAKE_CURRENT_SOURCE_DIR}/compile_tests/consumed_test.cmake)
  set_tests_properties(${test} PROPERTIES LABELS compile)
endfunction()
knhk_consumed_test(twin "" "")
knhk_consumed_test(promote_twice KNHK_PROMOTE_TWICE "invalid invocation of method 'promote'.*consumed")
knhk_consumed_test(roll_back_settled KNHK_ROLL_BACK_SETTLED
  "invalid invocation of method 'roll_back'.*consumed")
knhk_consumed_test(retry_untested KNHK_RETRY_UNTESTED "invalid invocation of method 'ready'.*consumed")

# What the compiler made of a promotion; only where it optimises and adds nothing of its own.
if(NOT KNHK_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release"
   AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_library(promotion_object_code OBJECT compile_tests/object_code.cpp)
  add_dependencies(object_code promotion_object_code)
  target_link_libraries(promotion_object_code PRIVATE knhk::promotion knhk_warnings)
  set(object_code_test ${KNHK_PYTHON}
    ${PROJECT_SOURCE_DIR}/knhk/hot_path/object_code/object_code_test.py)
  add_test(NAME promotion.object_code
    COMMAND ${object_code_test} $<TARGET_OBJECTS:promotion_object_code> fast_)
  add_test(NAME promotion.object_code_fails_on_its_fixture
    COMMAND ${object_code_test} --refused $<TARGET_OBJECTS:promotion_object_code> slow_)

  # And of what readers record; its instructions are counted as those of reading are.
  add_library(promotion_health_paths OBJECT compile_tests/health_paths.cpp)
  add_dependencies(object_code promotion_health_paths)
  target_link_libraries(promotion_health_paths PRIVATE knhk::promotion knhk_warnings)
  add_test(NAME promotion.health_object_code
    COMMAND ${object_code_test} $<TARGET_OBJECTS:promotion_health_paths> fast_)
  string(REGEX MATCH "^[0-9]+" major ${CMAKE_CXX_COMPILER_VERSION})
  add_test(NAME promotion.health_instruction_counts
    COMMAND ${object_code_test} --counts
      ${CMAKE_CURRENT_SOURCE_DIR}/compile_tests/health_instruction_counts.txt
      "${CMAKE_CXX_COMPILER_ID} ${major}" $<TARGET_OBJECTS:promotion_health_paths> fast_)
  set_tests_properties(promotion.health_instruction_counts PROPERTIES SKIP_RETURN_CODE 77)
endif()
