# The page that `agentecho report` writes: TypeScript from web/, bundled by esbuild (one Debian package,
# no npm) and carried inside the library.
set(AGENTECHO_PAGE AUTO CACHE STRING "Carry the page of `agentecho report`: ON, OFF, or AUTO (where esbuild is found)")
set_property(CACHE AGENTECHO_PAGE PROPERTY STRINGS AUTO ON OFF)

function(agentecho_add_page target)
  if(NOT AGENTECHO_PAGE)
    return()
  endif()
  find_program(ESBUILD esbuild HINTS ${PROJECT_SOURCE_DIR}/web/node_modules/.bin)
  if(NOT ESBUILD)
    if(AGENTECHO_PAGE STREQUAL "AUTO")
      message(STATUS "esbuild was not found: `agentecho report` will not be able to write its page")
      return()
    endif()
    message(FATAL_ERROR "AGENTECHO_PAGE needs esbuild (Debian package esbuild)")
  endif()
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(out ${PROJECT_BINARY_DIR}/page)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/*.ts ${web}/src/*.css)
  add_custom_command(
    OUTPUT ${out}/page.js ${out}/page.css
    COMMAND ${ESBUILD} ${web}/src/main.ts --bundle --minify --format=iife --target=es2020 --log-level=warning
            --legal-comments=none --outfile=${out}/page.js
    COMMAND ${ESBUILD} ${web}/src/page.css --minify --log-level=warning --outfile=${out}/page.css
    DEPENDS ${sources}
    VERBATIM)
  agentecho_embed(${target} ${out}/page.js agentecho kPageScript agentecho/report/page_script.h)
  agentecho_embed(${target} ${out}/page.css agentecho kPageStyle agentecho/report/page_style.h)
  target_compile_definitions(${target} PRIVATE AGENTECHO_HAS_PAGE)
endfunction()
