#!/bin/sh
# A private, throwaway PostgreSQL for tests.
#   postgres.sh start DIR [PORT] [--durable]   makes a cluster in DIR (must not exist) and prints its URL
#   postgres.sh restart DIR | kill DIR | revive DIR | stop DIR
#   postgres.sh keep DIR | again DIR          keeps a copy of what is in the database; makes it that again
#   postgres.sh with DIR PROGRAM ARGS...      runs PROGRAM with STOA_TEST_DATABASE_URL and STOA_TEST_POSTGRES_DIR set,
#                                             and stops the cluster whatever happens to it. DIR "": a temporary one
# Without PORT it listens on a Unix socket in DIR only. --durable keeps fsync on, for measurements. stop removes DIR.
# The server runs as the calling user, or as postgres when that is root; it is stopped by its process id.
set -eu

fail() { echo "postgres.sh: $*" >&2; exit 1; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || fail "PostgreSQL is not installed"
[ $# -ge 2 ] || fail "usage: postgres.sh start|restart|kill|revive|stop|with DIR [PORT] [--durable]"
verb=$1 dir=$2
shift 2

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

launch() {
    as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 300 -s start >&2 || { tail -n 20 "$dir/log" >&2; fail "did not start"; }
}

halt() { # immediate: what a test leaves behind is thrown away
    [ ! -f "$dir/data/postmaster.pid" ] || as_owner "$bin/pg_ctl" -D "$dir/data" -w -s -m "${1:-immediate}" stop >&2 || true
}

case $verb in
start)
    port= durable=no
    for word; do
        case $word in
        --durable) durable=yes ;;
        *[!0-9]*) fail "$word is no port" ;;
        *) port=$word ;;
        esac
    done
    [ ! -e "$dir/data" ] || fail "$dir holds a cluster already"
    mkdir -p "$dir"
    [ "$(id -u)" != 0 ] || chown postgres: "$dir"
    as_owner "$bin/initdb" -D "$dir/data" -U stoa -A trust -E UTF8 --locale=C --no-sync >/dev/null
    {
        echo "unix_socket_directories = '$dir'"
        echo "max_connections = 100"
        echo "shared_buffers = 64MB"
        echo "jit = off" # compiling plans takes longer than they do
        [ "$durable" = yes ] || { echo "wal_level = minimal"; echo "max_wal_senders = 0"; }
        if [ -n "$port" ]; then
            echo "listen_addresses = '127.0.0.1'"
            echo "port = $port"
        else
            echo "listen_addresses = ''"
        fi
        [ "$durable" = yes ] || { echo "fsync = off"; echo "synchronous_commit = off"; echo "full_page_writes = off"; }
    } | as_owner tee -a "$dir/data/postgresql.conf" >/dev/null
    launch
    as_owner "$bin/createdb" -h "$dir" ${port:+-p "$port"} -U stoa stoa
    if [ -n "$port" ]; then
        echo "postgresql://stoa@127.0.0.1:$port/stoa"
    else
        echo "postgresql://stoa@/stoa?host=$dir"
    fi
    ;;
restart)
    halt fast
    launch
    ;;
kill)
    halt
    ;;
revive)
    launch
    ;;
keep)
    as_owner "$bin/createdb" -h "$dir" -U stoa --strategy=file_copy --template=stoa kept
    ;;
again)
    as_owner "$bin/dropdb" -h "$dir" -U stoa --force stoa
    as_owner "$bin/createdb" -h "$dir" -U stoa --strategy=file_copy --template=kept stoa
    ;;
with)
    [ -n "$dir" ] || dir=$(mktemp -d "${TMPDIR:-/tmp}/stoa-pg-XXXXXX")
    chmod 755 "$dir"
    trap '"$0" stop "$dir"' EXIT
    trap 'exit 143' TERM INT HUP
    STOA_TEST_DATABASE_URL=$("$0" start "$dir")
    STOA_TEST_POSTGRES_DIR=$dir
    PATH=$bin:$PATH # not Debian's wrapper of psql, which is called often
    export STOA_TEST_DATABASE_URL STOA_TEST_POSTGRES_DIR PATH
    "$@"
    ;;
stop)
    halt
    rm -rf "$dir"
    ;;
*) fail "unknown verb $verb" ;;
esac
