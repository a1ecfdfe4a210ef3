# Installs COMPONENT (or all) of BUILD_DIR under WORK_DIR, then builds and runs CONSUMER against it.
file(REMOVE_RECURSE ${WORK_DIR})
set(prefix ${WORK_DIR}/prefix)

function(step what)
  execute_process(COMMAND ${ARGN}
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "cannot ${what}:\n${output}")
  endif()
endfunction()

set(install ${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix})
if(COMPONENT)
  list(APPEND install --component ${COMPONENT})
endif()
step("install" ${install})
# Only what was installed may be found: the consumer sees neither source nor build tree.
step("configure the consumer" ${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK_DIR}/build -G Ninja
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
step("build the consumer" ${CMAKE_COMMAND} --build ${WORK_DIR}/build)
step("run the consumer" ${WORK_DIR}/build/consumer)
file(REMOVE_RECURSE ${WORK_DIR})
