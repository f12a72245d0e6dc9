# Data files that the library carries inside it. agentecho_embed(target file namespace name header)
# makes <header>, in which `inline constexpr std::string_view <name>` in <namespace> holds the text of
# <file>; it is remade when the file changes.
set(AGENTECHO_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(agentecho_embed target file namespace name header)
  get_filename_component(input ${file} ABSOLUTE)
  set(output ${CMAKE_BINARY_DIR}/generated/${header})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DNAMESPACE=${namespace} -DNAME=${name}
            -P ${AGENTECHO_EMBED_SCRIPT}
    DEPENDS ${input} ${AGENTECHO_EMBED_SCRIPT}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()

# Run as a script (cmake -P), it writes the header. A raw string literal may be at most 64 KiB long
# in some compilers, so the text is cut into pieces.
if(CMAKE_SCRIPT_MODE_FILE AND DEFINED INPUT)
  file(READ ${INPUT} rest)
  set(pieces "")
  string(LENGTH "${rest}" length)
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${rest}" ${at} 8000 piece)
    string(APPEND pieces "    R\"~(${piece})~\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  file(WRITE ${OUTPUT}
       "#pragma once\n\n#include <string_view>\n\nnamespace ${NAMESPACE} {\n\n"
       "inline constexpr std::string_view ${NAME} =\n${pieces}    ;\n\n}  // namespace ${NAMESPACE}\n")
endif()
