# htmlgen and assetgen: templates, texts and assets of web/ to C at build time (docs/generators.md).
add_library(stoa_htmlgen STATIC
    catalogue.c gen_text.c html_context.c html_value.c htmlgen.c lexer.c meangen.c template.c template_head.c texts.c texts_write.c writer.c)
target_link_libraries(stoa_htmlgen PUBLIC stoa_base)
add_executable(htmlgen htmlgen_main.c)
target_link_libraries(htmlgen PRIVATE stoa_htmlgen)
add_executable(assetgen assetgen_main.c)
target_link_libraries(assetgen PRIVATE stoa_htmlgen)

# In the cache, because stoa_htmlgen is called from other folders.
set(STOA_WEB ${CMAKE_SOURCE_DIR}/web CACHE INTERNAL "")
set(STOA_WEB_GEN ${CMAKE_BINARY_DIR}/gen/web CACHE INTERNAL "")
file(MAKE_DIRECTORY ${STOA_WEB_GEN})
file(GLOB STOA_ASSET_FILES CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${STOA_WEB}/assets/*)
file(GLOB STOA_SCRIPT_FILES CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${STOA_WEB}/embed/*.js)
list(TRANSFORM STOA_ASSET_FILES PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE STOA_ASSET_PATHS)
set(STOA_ASSET_FILES ${STOA_ASSET_FILES} CACHE INTERNAL "")
set(STOA_ASSET_PATHS ${STOA_ASSET_PATHS} CACHE INTERNAL "")
list(TRANSFORM STOA_SCRIPT_FILES PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE STOA_SCRIPT_PATHS)

# web/assets.h: every file of web/assets under a name with its hash, and /js/*.js of web/embed.
add_custom_command(
    OUTPUT ${STOA_WEB_GEN}/assets.h ${STOA_WEB_GEN}/assets.c
    COMMAND assetgen ${STOA_WEB_GEN}/assets.h ${STOA_WEB_GEN}/assets.c ${STOA_ASSET_FILES} -- ${STOA_SCRIPT_FILES}
    DEPENDS assetgen ${STOA_ASSET_PATHS} ${STOA_SCRIPT_PATHS}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
add_library(web_assets STATIC ${STOA_WEB_GEN}/assets.h ${STOA_WEB_GEN}/assets.c)
target_link_libraries(web_assets PUBLIC stoa_base)

# web/text.h: the texts of web/text, all but operator.txt in the languages of web/locale.
file(GLOB STOA_CATALOGUES CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${STOA_WEB}/locale/*.po)
list(TRANSFORM STOA_CATALOGUES PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE catalogue_paths)
set(STOA_TEXTS web/text/en.txt web/text/paysrv.txt -- web/text/operator.txt CACHE INTERNAL "")
file(GLOB STOA_TEXT_PATHS ${STOA_WEB}/text/*.txt)
set(STOA_TEXT_PATHS ${STOA_TEXT_PATHS} CACHE INTERNAL "")
add_custom_command(
    OUTPUT ${STOA_WEB_GEN}/text.h ${STOA_WEB_GEN}/text.c
    COMMAND htmlgen texts ${STOA_WEB_GEN}/text.h ${STOA_WEB_GEN}/text.c ${STOA_TEXTS} -- ${STOA_CATALOGUES}
    DEPENDS htmlgen ${STOA_TEXT_PATHS} ${catalogue_paths}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
add_library(web_text STATIC ${STOA_WEB_GEN}/text.h ${STOA_WEB_GEN}/text.c)
target_link_libraries(web_text PUBLIC stoa_base)

# stoa_htmlgen(authsrv all): web/authsrv/*.html and *.txt to the library authsrv_pages with the header
# web/authsrv/pages.h, in all languages; without "all" in English.
function(stoa_htmlgen name)
    if(TARGET ${name}_pages)
        return()
    endif()
    set(languages en)
    if(ARGC GREATER 1)
        set(languages ${ARGV1})
    endif()
    set(out ${STOA_WEB_GEN}/${name})
    file(MAKE_DIRECTORY ${out})
    file(GLOB templates CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${STOA_WEB}/${name}/*.html ${STOA_WEB}/${name}/*.txt)
    list(TRANSFORM templates PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
    add_custom_command(
        OUTPUT ${out}/pages.h ${out}/pages.c
        COMMAND htmlgen pages ${name} ${languages} ${out}/pages.h ${out}/pages.c ${STOA_TEXTS} -- ${templates} -- ${STOA_ASSET_FILES}
        DEPENDS htmlgen ${paths} ${STOA_TEXT_PATHS} ${STOA_ASSET_PATHS}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
    add_library(${name}_pages STATIC ${out}/pages.h ${out}/pages.c ${STOA_WEB_GEN}/text.h)
    target_link_libraries(${name}_pages PUBLIC stoa_base PRIVATE stoa_text web_assets)
    target_link_libraries(${name}_pages PUBLIC web_text)
endfunction()

# stoa_assets(authsrv): the library authsrv_assets; all servers share one table.
function(stoa_assets name)
    if(TARGET ${name}_assets)
        return()
    endif()
    add_library(${name}_assets INTERFACE)
    target_link_libraries(${name}_assets INTERFACE web_assets)
endfunction()

stoa_htmlgen(authsrv all)
stoa_htmlgen(paysrv all)
stoa_htmlgen(operator)
