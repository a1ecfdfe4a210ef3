# Compiles SOURCE with clang's typestate analysis. With FAILS it must be refused with that text.
execute_process(
  COMMAND ${CLANG} -std=c++20 -fsyntax-only -Wconsumed -Werror -I${INCLUDE} ${DEFINE} ${SOURCE}
  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
if(FAILS STREQUAL "" AND NOT result EQUAL 0)
  message(FATAL_ERROR "must compile, but does not:\n${output}")
elseif(NOT FAILS STREQUAL "" AND (result EQUAL 0 OR NOT output MATCHES "${FAILS}"))
  message(FATAL_ERROR "must be refused with \"${FAILS}\":\n${output}")
endif()
