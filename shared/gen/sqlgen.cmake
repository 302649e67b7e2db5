# stoa_sqlgen(app schema [parent]): the library <app>_store from <parent>/<app>/store/*.sql, newtypes and migrations
# (docs/generators.md). The parent is the top of the tree unless a test brings its own.
function(stoa_sqlgen app schema)
    set(parent ${CMAKE_SOURCE_DIR} ${ARGN})
    list(POP_BACK parent last)
    set(store ${last}/${app}/store)
    set(out ${CMAKE_BINARY_DIR}/gen/${app}/store)
    file(MAKE_DIRECTORY ${out})
    file(GLOB queries CONFIGURE_DEPENDS ${store}/*.sql)
    file(GLOB migrations CONFIGURE_DEPENDS ${store}/migrations/*.sql)
    file(GLOB newtypes CONFIGURE_DEPENDS ${store}/newtypes)
    set(headers ${out}/newtypes.h ${out}/statements.h ${out}/migrations.h)
    set(sources ${out}/statements.c ${out}/migrations.c)
    foreach(file ${queries})
        get_filename_component(stem ${file} NAME_WE)
        list(APPEND headers ${out}/${stem}.rows.h ${out}/${stem}.sql.h)
        list(APPEND sources ${out}/${stem}.sql.c)
    endforeach()
    add_custom_command(
        OUTPUT ${headers} ${sources}
        COMMAND sqlgen ${app} ${out} ${newtypes} ${migrations} ${queries}
        DEPENDS sqlgen ${newtypes} ${migrations} ${queries}
        COMMENT "sqlgen ${app}" VERBATIM)
    add_custom_target(${app}_store_headers DEPENDS ${headers})
    add_library(${app}_store STATIC ${sources} ${headers})
    target_compile_definitions(${app}_store PUBLIC STOA_SCHEMA_${app}="${schema}")
    target_include_directories(${app}_store PUBLIC ${last})
    target_link_libraries(${app}_store PUBLIC stoa_flags stoa_db stoa_base)
    add_dependencies(${app}_store ${app}_store_headers)
endfunction()
