# stoa_sqlgen(app schema): the library <app>_store from <app>/store/*.sql, newtypes and migrations (docs/generators.md).
function(stoa_sqlgen app schema)
    set(store ${CMAKE_SOURCE_DIR}/${app}/store)
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
    target_link_libraries(${app}_store PUBLIC stoa_flags stoa_db stoa_base)
    add_dependencies(${app}_store ${app}_store_headers)
endfunction()
