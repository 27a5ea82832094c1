/*
 * The launcher as a program of its own, without a C library: it is carried inside webnovad and run
 * before every box, and starting a library takes longer than all it does. Here is the little of one
 * that launch.c asks for; each function does what its name does in C and POSIX, and no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/shim/launch.h"

void launcher_main(long *stack) __attribute__((noreturn, used));

/* --- the kernel ---- */

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n"
	"\tcall launcher_main\n");

static long
call(long n, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(n), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tand sp, x0, #-16\n\tbl launcher_main\n");

static long
call(long n, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory", "cc");
	return x0;
}
#else
#error "this machine's way into the kernel is not written here"
#endif

static int *
error_place(void)
{
	static int value;

	return &value;
}

int *
__errno_location(void)
{
	return error_place();
}

static long
checked(long result)
{
	if (result >= 0 || result < -4095)
		return result;
	errno = (int)-result;
	return -1;
}

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return (int)checked(call(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode));
}

ssize_t
read(int fd, void *p, size_t n)
{
	return checked(call(SYS_read, fd, (long)p, (long)n, 0));
}

ssize_t
write(int fd, const void *p, size_t n)
{
	return checked(call(SYS_write, fd, (long)p, (long)n, 0));
}

int
close(int fd)
{
	return (int)checked(call(SYS_close, fd, 0, 0, 0));
}

off_t
lseek(int fd, off_t at, int from)
{
	return checked(call(SYS_lseek, fd, at, from, 0));
}

int
unlink(const char *path)
{
	return (int)checked(call(SYS_unlinkat, AT_FDCWD, (long)path, 0, 0));
}

int
fcntl(int fd, int what, ...)
{
	va_list ap;
	int value;

	va_start(ap, what);
	value = va_arg(ap, int);
	va_end(ap);
	return (int)checked(call(SYS_fcntl, fd, what, value, 0));
}

int
dup3(int from, int to, int flags)
{
	return (int)checked(call(SYS_dup3, from, to, flags, 0));
}

int
close_range(unsigned first, unsigned last, int flags)
{
	return (int)checked(call(SYS_close_range, first, last, flags, 0));
}

int
prlimit(pid_t pid, enum __rlimit_resource what, const struct rlimit *new, struct rlimit *old)
{
	return (int)checked(call(SYS_prlimit64, pid, (long)what, (long)new, (long)old));
}

pid_t
getpid(void)
{
	return (pid_t)call(SYS_getpid, 0, 0, 0, 0);
}

int
execve(const char *path, char *const argv[], char *const env[])
{
	return (int)checked(call(SYS_execve, (long)path, (long)argv, (long)env, 0));
}

/* --- text ---- */

size_t
strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

int
strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

char *
strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

void *
memcpy(void *to, const void *from, size_t n)
{
	char *t = (char *)to;
	const char *f = (const char *)from;

	while (n-- > 0)
		*t++ = *f++;
	return to;
}

void *
memset(void *to, int c, size_t n)
{
	char *t = (char *)to;

	while (n-- > 0)
		*t++ = (char)c;
	return to;
}

void
launcher_main(long *stack)
{
	long code = wn_launch_main((int)stack[0], (char **)(stack + 1));

	for (;;)
		(void)call(SYS_exit_group, code, 0, 0, 0);
}
