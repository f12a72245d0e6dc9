# Warnings and sanitizers of the project's own targets; consumers do not inherit them.
function(agentecho_configure target)
  # Warnings take an eighth of the time of compiling, and are for who works on the project.
  if(AGENTECHO_TESTS)
    # -Wrestrict: GCC 12 warns of std::string itself (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             -Wno-sign-conversion $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  endif()
  get_target_property(unity ${target} UNITY_BUILD)
  if(unity)  # a class of a source may hold what only that source knows; GCC takes the source for a header
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  # The same digits on every machine: no fused multiply-add behind our back.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  if(AGENTECHO_SANITIZE)
    # The check of types opens a pipe to look at memory, and takes it for an error where a test has
    # left no descriptors.
    target_compile_options(${target} PRIVATE -fsanitize=${AGENTECHO_SANITIZE} -fno-sanitize=vptr
                                             -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${AGENTECHO_SANITIZE})
  endif()
endfunction()
