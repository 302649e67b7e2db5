# Sourced: what test programs run with that are many.
# What was freed waits in less memory than by default, and shorter stacks are kept of it: both cost more than the checks.
export ASAN_OPTIONS=${ASAN_OPTIONS:-quarantine_size_mb=16:malloc_context_size=8}
# Dozens of clusters come and go: in memory, where there is enough of it, their files cost nothing.
free_kb=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
[[ -n ${TMPDIR:-} ]] || ((${free_kb:-0} < 6 << 20)) || export TMPDIR=/dev/shm
