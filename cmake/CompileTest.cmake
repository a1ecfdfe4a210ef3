# Builds TARGET in BUILD_DIR. With FAILS, the build must fail and its output match that regex.
execute_process(
  COMMAND ${CMAKE_COMMAND} --build ${BUILD_DIR} --target ${TARGET}
  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
if(FAILS STREQUAL "")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "must compile, but does not:\n${output}")
  endif()
elseif(result EQUAL 0)
  message(FATAL_ERROR "compiles, but must be refused with: ${FAILS}")
elseif(NOT output MATCHES "${FAILS}")
  message(FATAL_ERROR "is refused, but not with \"${FAILS}\":\n${output}")
endif()
