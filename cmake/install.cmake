# `cmake --install`: the program, the library and its headers, and the files that find_package(agentecho) reads.
include(CMakePackageConfigHelpers)

install(TARGETS agentecho_core agentecho_llm EXPORT agentechoTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/agentecho DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(EXPORT agentechoTargets NAMESPACE agentecho::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/agentecho)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/agentechoConfig.cmake.in
  ${PROJECT_BINARY_DIR}/agentechoConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/agentecho)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/agentechoConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/agentechoConfig.cmake ${PROJECT_BINARY_DIR}/agentechoConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/agentecho)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CITATION.cff
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
