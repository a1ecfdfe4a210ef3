# Disassembles FUNCTION in OBJECT. It must hold no call, no locked instruction, and few others. With
# FINDS, for a fixture, exactly such an instruction must be found.
execute_process(
  COMMAND ${OBJDUMP} -d --no-show-raw-insn --disassemble=${FUNCTION} ${OBJECT}
  OUTPUT_VARIABLE code RESULT_VARIABLE result)
string(REGEX MATCH "<${FUNCTION}>:\n(.*)" body "${code}")
if(NOT result EQUAL 0 OR body STREQUAL "")
  message(FATAL_ERROR "${FUNCTION} isn't in ${OBJECT}")
endif()
string(REGEX MATCHALL "\t(lock|xchg|mfence|call|jmp|syscall)[^\n]*" refused "${body}")
string(REGEX MATCHALL "\n +[0-9a-f]+:\t[a-z]" instructions "\n${body}")
list(LENGTH instructions count)
if(DEFINED FINDS)
  if(NOT refused MATCHES "${FINDS}")
    message(FATAL_ERROR "the fixture's ${FINDS} isn't noticed:\n${body}")
  endif()
elseif(NOT refused STREQUAL "" OR count GREATER 16)
  message(FATAL_ERROR "${count} instructions; refused:${refused}\n${body}")
endif()
message(STATUS "${FUNCTION}: ${count} instructions")
