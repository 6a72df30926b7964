/*
 * Preloaded into the program under test (LD_PRELOAD). Watches every call of its libc that touches one of the named
 * folders, writes each down, and lets one of them go wrong.
 *
 *   FAULT_ROLES  "out=/path;source=/path": the folders, each with its part in the scenario; the first that fits counts
 *   FAULT_LOG    a file that gets a line a call: microseconds, role, operation, result, errno, path (tab), second path;
 *                and one whose operation is FIRED for each call that was made to go wrong, before that call's own, with
 *                its operation for a second path
 *   FAULT        "role operation n times action argument": the n-th such call (from 1) and `times` - 1 after it (0: all
 *                that follow) go wrong; operation "any" is all of them, "change" all that alter what is on the disk
 *
 * Counts are of the whole process, all of its threads: which of two at the same moment is the n-th is chance.
 *
 * Actions: error E (not done, errno E; a close is done all the same), skip (not done, and said to be done), short (half
 * of it), corrupt (a bit of a read or write turns over on its way), kill (before it), kill-half (half of a write, then
 * dead), kill-after US (dead that many microseconds later), signal S (and the call is made), swap (the role's folder is
 * moved to X.moved and is now a link to X.elsewhere), mirror (the same, with a hidden staging folder of the same name already
 * there), and append, overwrite, overwrite-end, truncate, replace, remove, touch, disguise (overwritten, with the old
 * times), rename (to X.renamed), add (X.added beside it), relink (X is now another name of a neighbour) of the file that
 * is being looked at; of a folder, of the first file in it. A call to itself or to folders without a part passes through unseen.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))
#define MAX_FDS 1024
#define MAX_ROLES 8

static struct { char name[32]; char path[PATH_MAX]; int calls; } roles[MAX_ROLES];
/* A path that was noted is never freed: another thread may be writing it down. */
static struct { _Atomic int role; char *_Atomic path; } fds[MAX_FDS];
static struct { char role[32], op[32], action[32]; int n, times; long argument; _Atomic int seen; } fault;
static int role_count, log_fd = -1;
static __thread int busy;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  busy = 1;
  const char *text = getenv("FAULT_ROLES");
  char *copy = strdup(text ? text : ""), *rest = copy, *part;
  while ((part = strsep(&rest, ";")) && role_count < MAX_ROLES)
    if (sscanf(part, "%31[^=]=%4095s", roles[role_count].name, roles[role_count].path) == 2) role_count++;
  free(copy);
  text = getenv("FAULT");
  if (text) sscanf(text, "%31s %31s %d %d %31s %ld", fault.role, fault.op, &fault.n, &fault.times, fault.action, &fault.argument);
  text = getenv("FAULT_LOG");
  if (text) log_fd = REAL(open)(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  busy = 0;
}

/* Of "/proc/self/fd/N/NAME" the place that descriptor N leads to by now; 0 for any other path. */
static int through_descriptor(const char *path, char *full) {
  int fd, used = 0;
  char link[64];
  if (sscanf(path, "/proc/self/fd/%d/%n", &fd, &used) != 1 || used == 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long size = syscall(SYS_readlink, link, full, PATH_MAX - 1);
  if (size < 0) return 0;
  const char *rest = path + used + (strncmp(path + used, "./", 2) == 0 ? 2 : strcmp(path + used, ".") == 0);
  snprintf(full + size, PATH_MAX - size, "%s%s", *rest ? "/" : "", rest);
  return 1;
}

static void absolute(const char *path, char *full) {
  if (through_descriptor(path, full)) return;
  if (path[0] == '/' || !getcwd(full, PATH_MAX - 1)) { snprintf(full, PATH_MAX, "%s", path); return; }
  size_t used = strlen(full);
  snprintf(full + used, PATH_MAX - used, "/%s", path);
}

static int role_of(const char *path) {
  char full[PATH_MAX];
  if (!path) return -1;
  absolute(path, full);
  for (int i = 0; i < role_count; i++) {
    size_t size = strlen(roles[i].path);
    if (strncmp(full, roles[i].path, size) == 0 && (full[size] == '/' || full[size] == 0)) return i;
  }
  return -1;
}

static void note_fd(int fd, const char *path) {
  char full[PATH_MAX];
  if (fd < 0 || fd >= MAX_FDS) return;
  absolute(path, full);
  int role = role_of(full);
  if (role >= 0) fds[fd].path = strdup(full);
  fds[fd].role = role + 1;
}

static int role_of_fd(int fd) { return fd < 0 || fd >= MAX_FDS ? -1 : fds[fd].role - 1; }
static const char *path_of_fd(int fd) { return fd < 0 || fd >= MAX_FDS || !fds[fd].path ? "" : fds[fd].path; }
static void forget_fd(int fd) { if (fd >= 0 && fd < MAX_FDS) fds[fd].role = 0; }

static void die(void) { REAL(syscall)(SYS_kill, getpid(), SIGKILL); pause(); }

static void swap_folder(int role, int mirrored) {
  char moved[PATH_MAX + 16], elsewhere[PATH_MAX + 16], inner[PATH_MAX + 300];
  snprintf(moved, sizeof moved, "%s.moved", roles[role].path);
  snprintf(elsewhere, sizeof elsewhere, "%s.elsewhere", roles[role].path);
  REAL(rename)(roles[role].path, moved);
  REAL(symlink)(elsewhere, roles[role].path);
  DIR *folder = mirrored ? REAL(opendir)(moved) : NULL;
  for (struct dirent *entry; folder && (entry = REAL(readdir)(folder));) {
    if (strncmp(entry->d_name, ".EV-", 4) != 0) continue;
    snprintf(inner, sizeof inner, "%s/%s", elsewhere, entry->d_name);
    REAL(mkdir)(inner, 0700);
  }
  if (folder) REAL(closedir)(folder);
}

/* The first file in a folder that is not `other`. */
static int file_in(const char *folder, const char *other, char *found) {
  struct stat each;
  int is_found = 0;
  DIR *listed = REAL(opendir)(folder);
  for (struct dirent *entry; listed && !is_found && (entry = REAL(readdir)(listed));) {
    snprintf(found, 2 * PATH_MAX, "%s/%s", folder, entry->d_name);
    is_found = lstat(found, &each) == 0 && S_ISREG(each.st_mode) && strcmp(found, other) != 0;
  }
  if (listed) REAL(closedir)(listed);
  return is_found;
}

static int relink(const char *path) {
  char folder[PATH_MAX], other[2 * PATH_MAX], fresh[PATH_MAX + 8];
  snprintf(folder, sizeof folder, "%s", path);
  *strrchr(folder, '/') = 0;
  snprintf(fresh, sizeof fresh, "%s.new", path);
  return file_in(folder, path, other) && REAL(link)(other, fresh) == 0 && REAL(rename)(fresh, path) == 0;
}

/* Whether there was anything to change. */
static int change_file(const char *path, const char *how) {
  char inner[2 * PATH_MAX], beside[PATH_MAX + 16];
  if (file_in(path, "", inner)) path = inner;
  struct stat before;
  if (stat(path, &before) != 0 || !S_ISREG(before.st_mode)) return 0;
  if (strcmp(how, "remove") == 0) return REAL(unlink)(path) == 0;
  if (strcmp(how, "touch") == 0) return REAL(utimensat)(AT_FDCWD, path, NULL, 0) == 0;
  if (strcmp(how, "relink") == 0) return relink(path);
  if (strcmp(how, "rename") == 0) {
    snprintf(beside, sizeof beside, "%s.renamed", path);
    return REAL(rename)(path, beside) == 0;
  }
  if (strcmp(how, "add") == 0) {
    snprintf(beside, sizeof beside, "%s.added", path);
    int to = REAL(open)(beside, O_WRONLY | O_CREAT | O_EXCL, 0600);
    int is_written = REAL(write)(to, "A", 1) == 1;
    return REAL(close)(to) == 0 && is_written;
  }
  if (strcmp(how, "replace") == 0) {
    char other[PATH_MAX + 8];
    snprintf(other, sizeof other, "%s.new", path);
    int to = REAL(open)(other, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (off_t left = before.st_size; left > 0; left--) if (REAL(write)(to, "R", 1) != 1) break;
    REAL(close)(to);
    return REAL(rename)(other, path) == 0;
  }
  int fd = REAL(open)(path, O_WRONLY);
  off_t end = before.st_size > 0 ? before.st_size - 1 : 0;
  ssize_t ignored = 0;
  if (strcmp(how, "append") == 0) ignored = REAL(pwrite64)(fd, "A", 1, before.st_size);
  else if (strcmp(how, "truncate") == 0) ignored = ftruncate(fd, before.st_size / 2);
  else ignored = REAL(pwrite64)(fd, "O", 1, strcmp(how, "overwrite-end") == 0 ? end : 0);
  (void)ignored;
  if (strcmp(how, "disguise") == 0) REAL(futimens)(fd, (struct timespec[]){before.st_atim, before.st_mtim});
  REAL(close)(fd);
  return 1;
}

static void record(int role, const char *op, long result, const char *path, const char *second) {
  int error = errno;
  if (log_fd >= 0) {
    char line[3 * PATH_MAX], full[PATH_MAX];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    absolute(path, full);
    int size = snprintf(line, sizeof line, "%ld %s %s %ld %d %s\t%s\n", now.tv_sec * 1000000 + now.tv_nsec / 1000,
                        roles[role].name, op, result, result < 0 ? error : 0, full, second);
    if (REAL(write)(log_fd, line, (size_t)size) < 0) _exit(99);
  }
  errno = error;
}

static int is_change(const char *action) {
  const char *others[] = {"error", "short", "skip", "corrupt", "kill", "signal", "kill-half", "kill-after", "swap", "mirror"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) if (strcmp(action, others[i]) == 0) return 0;
  return 1;
}

/* What is to happen to this call: 0 nothing, 1 an error (errno is set), 2 half of it, 3 half and then death, 4 a wrong bit, 5 not done and no error. */
static int meddle(int role, const char *op, int changes, const char *path) {
  if (!fault.n || strcmp(fault.role, roles[role].name) != 0) return 0;
  if (strcmp(fault.op, "any") != 0 && strcmp(fault.op, op) != 0 && !(changes && strcmp(fault.op, "change") == 0)) return 0;
  int nth = atomic_fetch_add(&fault.seen, 1) + 1;
  if (nth < fault.n || (fault.times > 0 && nth >= fault.n + fault.times)) return 0;
  const char *action = fault.action;
  if (is_change(action)) {
    if (change_file(path, action)) record(role, "FIRED", 0, path, op);
    return 0;
  }
  record(role, "FIRED", 0, path, op);
  if (strcmp(action, "error") == 0) { errno = (int)fault.argument; return 1; }
  if (strcmp(action, "short") == 0) return 2;
  if (strcmp(action, "skip") == 0) return 5;
  if (strcmp(action, "corrupt") == 0) return 4;
  if (strcmp(action, "kill") == 0) die();
  if (strcmp(action, "signal") == 0) { REAL(syscall)(SYS_kill, getpid(), fault.argument); return 0; }
  if (strcmp(action, "kill-half") == 0) { if (strcmp(op, "write") == 0) return 3; die(); }
  if (strcmp(action, "kill-after") == 0) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    struct itimerspec when = {.it_value = {fault.argument / 1000000, fault.argument % 1000000 * 1000 + 1}};
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &when, NULL);
  } else if (strcmp(action, "swap") == 0 || strcmp(action, "mirror") == 0) swap_folder(role, action[0] == 'm');
  return 0;
}

/* One watched call: CALL is what really does it. */
#define WATCHED(TYPE, ROLE, OP, CHANGES, PATH, SECOND, CALL)                                                           \
  do {                                                                                                                 \
    int role_ = busy ? -1 : (ROLE);                                                                                    \
    if (role_ < 0) return (CALL);                                                                                      \
    busy = 1;                                                                                                          \
    char path_[PATH_MAX];                                                                                              \
    absolute((PATH), path_);                                                                                           \
    TYPE result_ = (TYPE)-1;                                                                                           \
    int how_ = meddle(role_, OP, CHANGES, path_);                                                                      \
    if (how_ != 1) result_ = how_ == 5 ? (TYPE)0 : (CALL);                                                             \
    record(role_, OP, (long)result_, path_, SECOND);                                                                   \
    busy = 0;                                                                                                          \
    return result_;                                                                                                    \
  } while (0)

static int opened(const char *path, int fd) {
  if (fd >= 0 && !busy) note_fd(fd, path);
  return fd;
}

static int open_watched(int at, const char *path, int flags, mode_t mode) {
  int role = busy ? -1 : role_of(path);
  if (role < 0) return opened(path, REAL(openat)(at, path, flags, mode));
  busy = 1;
  char full[PATH_MAX];
  absolute(path, full);
  int fd = -1;
  const char *op = flags & O_CREAT ? "create" : "open";
  if (meddle(role, op, flags & O_CREAT, full) != 1) fd = REAL(openat)(at, path, flags, mode);
  record(role, op, fd, full, "");
  int error = errno;
  if (fd >= 0) note_fd(fd, full);
  busy = 0;
  errno = error;
  return fd;
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_watched(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_watched(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_watched(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_watched(at, path, flags, mode); }

/* What O_DIRECT asks of addresses and sizes (open(2)). */
enum { BLOCK = 4096 };

/* The size that remains when a read or write is cut in half: whole blocks, where it is of several. */
static size_t halved(size_t size) { return size >= 2 * BLOCK ? size / 2 / BLOCK * BLOCK : size > 1 ? size / 2 : size; }

/* Writes `size` bytes at `offset`, or where the file stands if that is negative, as `how` (of meddle) wants it. */
static ssize_t put(int fd, const void *bytes, size_t size, off64_t offset, int how) {
  if (how == 2 || how == 3) size = halved(size);
  char *copy = aligned_alloc(BLOCK, (size / BLOCK + 1) * BLOCK);
  memcpy(copy, bytes, size);
  if (how == 4 && size > 0) copy[size / 2] ^= 1;
  ssize_t result = offset < 0 ? REAL(write)(fd, copy, size) : REAL(pwrite64)(fd, copy, size, offset);
  free(copy);
  return result;
}

/* How much to read, and what becomes of what was. */
static size_t wanted(size_t size, int how) { return how == 4 ? size : halved(size); }
static ssize_t got(void *bytes, ssize_t size, int how) {
  if (how == 4 && size > 0) ((char *)bytes)[size / 2] ^= 1;
  return size;
}

#define TRANSFER(OP, CHANGES, FD, WHOLE, OTHERWISE)                                                                    \
  do {                                                                                                                 \
    int role_ = busy ? -1 : role_of_fd(FD);                                                                            \
    if (role_ < 0) return (WHOLE);                                                                                     \
    busy = 1;                                                                                                          \
    ssize_t result_ = -1;                                                                                              \
    int how = meddle(role_, OP, CHANGES, path_of_fd(FD));                                                              \
    if (how != 1) result_ = how == 0 ? (WHOLE) : (OTHERWISE);                                                          \
    if (how == 3) die();                                                                                               \
    record(role_, OP, result_, path_of_fd(FD), "");                                                                    \
    busy = 0;                                                                                                          \
    return result_;                                                                                                    \
  } while (0)

ssize_t write(int fd, const void *b, size_t n) { TRANSFER("write", 1, fd, REAL(write)(fd, b, n), put(fd, b, n, -1, how)); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { TRANSFER("write", 1, fd, REAL(pwrite64)(fd, b, n, o), put(fd, b, n, o, how)); }
ssize_t writev(int fd, const struct iovec *v, int n) { TRANSFER("write", 1, fd, REAL(writev)(fd, v, n), put(fd, v[0].iov_base, v[0].iov_len, -1, how)); }
ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t o) { TRANSFER("write", 1, fd, REAL(pwritev64)(fd, v, n, o), put(fd, v[0].iov_base, v[0].iov_len, o, how)); }
ssize_t read(int fd, void *b, size_t n) { TRANSFER("read", 0, fd, REAL(read)(fd, b, n), got(b, REAL(read)(fd, b, wanted(n, how)), how)); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { TRANSFER("read", 0, fd, REAL(pread64)(fd, b, n, o), got(b, REAL(pread64)(fd, b, wanted(n, how), o), how)); }
ssize_t readv(int fd, const struct iovec *v, int n) { TRANSFER("read", 0, fd, REAL(readv)(fd, v, n), got(v[0].iov_base, REAL(read)(fd, v[0].iov_base, wanted(v[0].iov_len, how)), how)); }
ssize_t preadv64(int fd, const struct iovec *v, int n, off64_t o) { TRANSFER("read", 0, fd, REAL(preadv64)(fd, v, n, o), got(v[0].iov_base, REAL(pread64)(fd, v[0].iov_base, wanted(v[0].iov_len, how), o), how)); }

int fsync(int fd) { WATCHED(int, role_of_fd(fd), "fsync", 1, path_of_fd(fd), "", REAL(fsync)(fd)); }
int fdatasync(int fd) { WATCHED(int, role_of_fd(fd), "fsync", 1, path_of_fd(fd), "", REAL(fdatasync)(fd)); }
int futimens(int fd, const struct timespec t[2]) { WATCHED(int, role_of_fd(fd), "utimes", 1, path_of_fd(fd), "", REAL(futimens)(fd, t)); }
int ftruncate64(int fd, off64_t n) { WATCHED(int, role_of_fd(fd), "truncate", 1, path_of_fd(fd), "", REAL(ftruncate64)(fd, n)); }
int fchmod(int fd, mode_t m) { WATCHED(int, role_of_fd(fd), "chmod", 1, path_of_fd(fd), "", REAL(fchmod)(fd, m)); }
int chmod(const char *p, mode_t m) { WATCHED(int, role_of(p), "chmod", 1, p, "", REAL(chmod)(p, m)); }
int mkdir(const char *p, mode_t m) { WATCHED(int, role_of(p), "mkdir", 1, p, "", REAL(mkdir)(p, m)); }
int rmdir(const char *p) { WATCHED(int, role_of(p), "rmdir", 1, p, "", REAL(rmdir)(p)); }
int unlink(const char *p) { WATCHED(int, role_of(p), "unlink", 1, p, "", REAL(unlink)(p)); }
int rename(const char *p, const char *q) { WATCHED(int, role_of(p) < 0 ? role_of(q) : role_of(p), "rename", 1, p, q, REAL(rename)(p, q)); }
int link(const char *p, const char *q) { WATCHED(int, role_of(p) < 0 ? role_of(q) : role_of(p), "link", 1, p, q, REAL(link)(p, q)); }
int symlink(const char *p, const char *q) { WATCHED(int, role_of(q), "symlink", 1, q, p, REAL(symlink)(p, q)); }
int utimensat(int at, const char *p, const struct timespec t[2], int f) { WATCHED(int, role_of(p), "utimes", 1, p, "", REAL(utimensat)(at, p, t, f)); }
char *mkdtemp(char *p) { WATCHED(char *, role_of(p), "mkdir", 1, p, "", REAL(mkdtemp)(p)); }

int scandir64(const char *p, struct dirent64 ***l, int (*f)(const struct dirent64 *), int (*c)(const struct dirent64 **, const struct dirent64 **)) {
  WATCHED(int, role_of(p), "readdir", 0, p, "", REAL(scandir64)(p, l, f, c));
}

char *realpath(const char *p, char *q) {
  int role = busy ? -1 : role_of(p);
  if (role < 0) return REAL(realpath)(p, q);
  busy = 1;
  char *result = meddle(role, "realpath", 0, p) == 1 ? NULL : REAL(realpath)(p, q);
  record(role, "realpath", result ? 0 : -1, p, "");
  busy = 0;
  return result;
}

static int close_watched(int fd, int checked) {
  int role = busy ? -1 : role_of_fd(fd);
  if (role < 0) return checked ? REAL(close)(fd) : (int)REAL(syscall)(SYS_close, fd);
  busy = 1;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s", path_of_fd(fd));
  int how = meddle(role, "close", 0, path), error = errno;
  forget_fd(fd);
  int result = (int)REAL(syscall)(SYS_close, fd);
  if (how == 1) { result = -1; errno = error; }
  record(role, "close", result, path, "");
  busy = 0;
  return result;
}

int close(int fd) { return close_watched(fd, 1); }

/* libuv closes and looks at files through syscall(2). */
long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_close) return close_watched((int)a[0], 0);
  if (number == SYS_statx) {
    const char *path = (const char *)a[1];
    int by_fd = !path || !*path;
    WATCHED(long, by_fd ? role_of_fd((int)a[0]) : role_of(path), "stat", 0, by_fd ? path_of_fd((int)a[0]) : path, "",
            REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]));
  }
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
