# What `cmake --install` lays down, in two components:
#   hot_path   the swap alone: knhk::base and knhk::hot_path
#   knhk       everything else and the command
# A consumer writes find_package(knhk COMPONENTS hot_path) or find_package(knhk).

include(CMakePackageConfigHelpers)

set(knhk_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/knhk)
foreach(component hot_path knhk)
  get_property(used GLOBAL PROPERTY knhk_component_${component})
  if(used)
    install(EXPORT knhk-${component}-targets NAMESPACE knhk::
      DESTINATION ${knhk_package_dir} COMPONENT ${component})
  endif()
endforeach()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/knhk-config.cmake.in
  ${PROJECT_BINARY_DIR}/knhk-config.cmake INSTALL_DESTINATION ${knhk_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/knhk-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/knhk-config.cmake ${PROJECT_BINARY_DIR}/knhk-config-version.cmake
  DESTINATION ${knhk_package_dir} COMPONENT hot_path)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT hot_path)
