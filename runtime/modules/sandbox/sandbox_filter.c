/*
 * The system call filter of sandboxed programs: what no platform needs and what has broken
 * sandboxes before. A deny list on top of namespaces, not instead of them.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Mounting, other namespaces, other processes' memory, the kernel itself. */
static const char *const denied[] = {
	"mount",
	"umount2",
	"pivot_root",
	"move_mount",
	"open_tree",
	"fsopen",
	"fsmount",
	"fsconfig",
	"fspick",
	"mount_setattr",
	"unshare",
	"setns",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"kcmp",
	"pidfd_getfd",
	"bpf",
	"perf_event_open",
	"userfaultfd",
	"io_uring_setup",
	"io_uring_enter",
	"io_uring_register",
	"keyctl",
	"add_key",
	"request_key",
	"kexec_load",
	"kexec_file_load",
	"init_module",
	"finit_module",
	"delete_module",
	"reboot",
	"swapon",
	"swapoff",
	"acct",
	"quotactl",
	"quotactl_fd",
	"settimeofday",
	"clock_settime",
	"clock_adjtime",
	"adjtimex",
	"open_by_handle_at",
	"name_to_handle_at",
	"lookup_dcookie",
	"syslog",
	"vhangup",
	"move_pages",
	"migrate_pages",
	"personality",
	"chroot",
};

static int
deny(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof denied / sizeof denied[0] && rc == 0; i++) {
		int nr = seccomp_syscall_resolve_name(denied[i]);

		/* A call this architecture or library does not know needs no rule. */
		if (nr != __NR_SCMP_ERROR)
			rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), nr, 0);
		if (rc == -EDOM || rc == -EINVAL)
			rc = 0;
	}
	return rc;
}

/* clone with a namespace flag is refused; clone3 hides its flags in memory, so it "does not exist"
 * and libc falls back to clone. */
static int
deny_namespaces(scmp_filter_ctx ctx)
{
	static const unsigned long flags[] = { CLONE_NEWUSER,  CLONE_NEWNS,  CLONE_NEWPID,
					       CLONE_NEWNET,   CLONE_NEWIPC, CLONE_NEWUTS,
					       CLONE_NEWCGROUP };
	int rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	for (size_t i = 0; i < sizeof flags / sizeof flags[0] && rc == 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				      SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
	return rc;
}

/* Typing into the terminal one was started from. */
static int
deny_terminal_injection(scmp_filter_ctx ctx)
{
	int rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				  SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCSTI));

	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
				      SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCLINUX));
	return rc;
}

/* Kinds of sockets beyond local ones, IP and asking the kernel for routes: some leave every
 * namespace (a hypervisor's own), others have a history. EAFNOSUPPORT is what a kernel without them
 * says. */
static int
deny_sockets(scmp_filter_ctx ctx)
{
	static const unsigned allowed[] = { AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
	const uint32_t act = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	unsigned family = 0;
	int rc = seccomp_rule_add(ctx, act, SCMP_SYS(socket), 1,
				  SCMP_A0(SCMP_CMP_GT, (scmp_datum_t)AF_NETLINK, 0));

	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
		for (; family < allowed[i] && rc == 0; family++)
			rc = seccomp_rule_add(ctx, act, SCMP_SYS(socket), 1,
					      SCMP_A0(SCMP_CMP_EQ, family, 0));
		family = allowed[i] + 1;
	}
	return rc;
}

wn_err
sandbox_filter_write(const char *path, struct wn_diag *d)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), rc;
	scmp_filter_ctx ctx;

	if (fd < 0)
		return wn_fail_errno(d, errno, "make %s", path);
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	rc = ctx ? deny(ctx) : -ENOMEM;
	if (rc == 0)
		rc = deny_namespaces(ctx);
	if (rc == 0)
		rc = deny_terminal_injection(ctx);
	if (rc == 0)
		rc = deny_sockets(ctx);
	if (rc == 0)
		rc = seccomp_export_bpf(ctx, fd);
	if (ctx)
		seccomp_release(ctx);
	close(fd);
	return rc ? wn_fail_errno(d, -rc, "build the system call filter") : WN_OK;
}
