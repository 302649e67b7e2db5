# stoa_meanings(paysrv): the library paysrv_meanings with the header paysrv/meanings.h, of paysrv/meanings.txt
# (docs/generators.md).
add_executable(meangen meangen_main.c)
target_link_libraries(meangen PRIVATE stoa_htmlgen)

function(stoa_meanings name)
    set(out ${CMAKE_BINARY_DIR}/gen/${name})
    file(MAKE_DIRECTORY ${out})
    add_custom_command(
        OUTPUT ${out}/meanings.h ${out}/meanings.c
        COMMAND meangen ${name} ${name}/meanings.txt ${out}/meanings.h ${out}/meanings.c
        DEPENDS meangen ${CMAKE_SOURCE_DIR}/${name}/meanings.txt
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
    add_library(${name}_meanings STATIC ${out}/meanings.h ${out}/meanings.c)
    target_link_libraries(${name}_meanings PUBLIC stoa_text)
endfunction()
