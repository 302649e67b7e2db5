/* What every server does to its process first, and how it waits for its end. SECURITY 6.5. */
#include "shared/ops/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define THREAD_STACK_BYTES ((size_t)1 << 20)
#define CRASH_POINT_MAX 64

static void signals_awaited(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

static void limits_set(void)
{
    struct rlimit none = { 0, 0 }, files;
    setrlimit(RLIMIT_CORE, &none);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    prctl(PR_SET_DUMPABLE, 0); /* the leak checker of test builds has to attach to its own process */
#endif
}

/* Threads need a fraction of the 8 MiB that a shell's limit gives them, and test builds write an eighth of it at start.
 */
static void thread_stacks_set(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

void process_init(void)
{
    sigset_t set;
    signals_awaited(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    setenv("TZ", "UTC", 1);
    setenv("LC_ALL", "C", 1);
    tzset();
    limits_set();
    thread_stacks_set();
}

int wait_for_signal(void)
{
    sigset_t set;
    signals_awaited(&set);
    int got;
    while (sigwait(&set, &got) != 0)
        continue;
    return got;
}

void notify_ready(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    static const char message[] = "READY=1";
    if (sendto(fd, message, sizeof message - 1, MSG_NOSIGNAL, (const struct sockaddr *)&address, length) < 0)
        fprintf(stderr, "sd_notify failed: %s\n", strerror(errno));
    close(fd);
}

#ifdef STOA_CRASH_POINTS
void crash_point(const char *name)
{
    char wanted[CRASH_POINT_MAX] = "";
    const char *path = getenv("STOA_CRASH_FILE");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    ssize_t n = read(fd, wanted, sizeof wanted - 1);
    close(fd);
    if (n <= 0 || strcmp(wanted, name) != 0)
        return;
    unlink(path); /* whoever is started in our place passes */
    kill(getpid(), SIGKILL);
}
#endif
