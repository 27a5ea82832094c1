"""What a hostile program tries from inside a sandbox; run there, by sandbox_attack_test.py, never outside.

Each function is one attempt. It returns None when it was held, or a word for what it got. Anything it raises counts as held only
when it is an OSError: the kernel said no. argv: a JSON object of what there is outside (paths, ports, process ids).
"""
import array
import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys

OUT = json.loads(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
# Numbers of x86_64 and of everybody else (asm-generic).
NR = dict(zip("mount umount2 pivot_root chroot unshare setns ptrace process_vm_readv process_vm_writev bpf perf_event_open userfaultfd io_uring_setup "
              "keyctl add_key request_key kexec_load init_module finit_module delete_module swapon swapoff reboot acct settimeofday "
              "clock_settime open_by_handle_at name_to_handle_at syslog personality sethostname setdomainname clone clone3 kcmp "
              "pidfd_open pidfd_getfd move_pages quotactl open_tree move_mount fsopen fsmount mount_setattr iopl lookup_dcookie "
              "sched_setscheduler ioprio_set capset mlockall".split(),
              [165, 166, 155, 161, 272, 308, 101, 310, 311, 321, 298, 323, 425, 250, 248, 249, 246, 175, 313, 176, 167, 168, 169, 163, 164,
               227, 304, 303, 103, 135, 170, 171, 56, 435, 312, 434, 438, 279, 179, 428, 429, 430, 432, 442, 172, 212, 144, 251, 126, 151]
              if X86 else
              [40, 39, 41, 51, 97, 268, 117, 270, 271, 280, 241, 282, 425, 219, 217, 218, 104, 105, 273, 106, 224, 225, 142, 89, 170,
               112, 265, 264, 116, 92, 161, 162, 220, 435, 272, 434, 438, 239, 60, 428, 429, 430, 432, 442, None, 18, 119, 30, 91, 230]))


def call(name, *args, got=None):
    """A raw system call; a word when the kernel did it."""
    if NR[name] is None:
        return None
    ctypes.set_errno(0)
    r = LIBC.syscall(ctypes.c_long(NR[name]), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    return None if r < 0 else got or "%s gave %d" % (name, r)


def refused(name, *args, wanted=errno.EPERM):
    """The filter itself must have said no: any other failure would hide that it let the call through."""
    got = call(name, *args)
    if got or NR[name] is None:
        return got
    return None if ctypes.get_errno() == wanted else "%s reached the kernel: errno %d" % (name, ctypes.get_errno())


def read(path):
    with open(path, "rb") as f:
        return f.read(4096)


def write(path, text=b"x"):
    with open(path, "wb") as f:
        f.write(text)
    return "wrote " + path


# --- files ---

def reads_a_secret_in_the_engines_directory():
    return "read" if read(OUT["secret"]) else None


def reads_the_engines_store():
    return "read" if read(OUT["store"]) else None


def sees_the_home_directory():
    return ",".join(os.listdir(OUT["home"])) or None


def sees_root_and_other_homes():
    return ",".join(os.listdir("/root") + os.listdir("/home")) or None


def sees_another_workspace():
    return ",".join(os.listdir(OUT["other"])) or None


def speaks_to_the_engine():
    s = socket.socket(socket.AF_UNIX)
    s.connect(OUT["socket"])
    return "connected"


def sees_the_hosts_tmp():
    return "seen" if os.path.exists(OUT["canary"]) else None


def writes_to_usr():
    return write("/usr/bin/evil")


def writes_to_etc():
    return write("/etc/evil")


def writes_to_the_root():
    return write("/evil")


def fills_dev():
    return write("/dev/evil")


def makes_a_directory_beside_the_workspace():
    """In its own /tmp it may, when that is where its workspace lies: the test looks from outside."""
    os.mkdir(os.path.join(os.path.dirname(os.getcwd()), "evil"))


def plants_a_git_hook():
    return write(".git/hooks/pre-commit")


def changes_the_git_configuration():
    return write(".git/config")


def moves_git_away():
    os.rename(".git", "git")
    return "moved"


def replaces_git_by_a_link():
    os.unlink(".git")
    os.symlink("/tmp", ".git")
    return "replaced"


def makes_a_disk():
    os.mknod("disk", 0o600 | 0o060000, os.makedev(8, 0))
    return "made"


def opens_a_disk_or_memory():
    for name in ("/dev/sda", "/dev/vda", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/kvm", "/dev/fuse", "/dev/loop0", "/dev/net/tun"):
        if os.path.exists(name):
            return name
    return None


def follows_a_file_handle_out():
    return refused("open_by_handle_at", -100, ctypes.create_string_buffer(24), 0) or refused("name_to_handle_at", -100, b"/", ctypes.create_string_buffer(24), None, 0)


def truncates_an_endless_file():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    fd = os.open("sparse", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(fd, 1 << 40)
        return "grew"
    finally:
        os.close(fd)
        os.unlink("sparse")


# --- /proc, /sys ---

def sees_other_processes():
    names = [read("/proc/%s/cmdline" % p) for p in os.listdir("/proc") if p.isdigit()]
    return "the engine" if any(b"--foreground" in n or b"--shim" in n for n in names) else None


def reads_the_engines_environment():
    return "leaked" if b"WN_CANARY_ENV" in b"".join(read("/proc/%s/environ" % p) for p in os.listdir("/proc") if p.isdigit()
                                                    and os.access("/proc/%s/environ" % p, os.R_OK)) else None


def goes_out_by_the_first_process():
    return ",".join(os.listdir("/proc/1/root" + OUT["other"])) or None


def asks_sysrq():
    return write("/proc/sysrq-trigger", b"h")


def sets_the_core_pattern():
    """To what it is: an attempt that works must not change the machine."""
    return write("/proc/sys/kernel/core_pattern", read("/proc/sys/kernel/core_pattern"))


def sets_a_kernel_value():
    return write("/proc/sys/vm/overcommit_memory", read("/proc/sys/vm/overcommit_memory"))


def reads_what_the_kernel_tells_of_memory():
    got = [n for n in ("kpagecount", "kpageflags", "kpagecgroup", "slabinfo", "vmallocinfo", "timer_list", "pagetypeinfo", "kmsg")
           if os.access("/proc/" + n, os.R_OK) and os.path.exists("/proc/" + n) and peek("/proc/" + n)]
    return ",".join(got) or None


def peek(path):
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(fd, 64)
    except OSError:
        return b""
    finally:
        os.close(fd)


def reads_kernel_memory():
    with open("/proc/kcore", "rb") as f:
        return "read" if f.read(1) else None


def has_sys():
    return ",".join(os.listdir("/sys")) or None


def sees_its_place_in_the_control_groups():
    return "name" if b"webnova" in read("/proc/self/cgroup") else None


def makes_itself_unkillable():
    return write("/proc/self/oom_score_adj", b"-1000")


# --- system calls ---

def mounts():
    return refused("mount", b"none", b"/tmp", b"tmpfs", 0, None) or refused("umount2", b"/tmp", 2)


def mounts_by_the_new_calls():
    return (refused("fsopen", b"tmpfs", 0) or refused("open_tree", -100, b"/", 1) or refused("move_mount", -100, b"/", -100, b"/tmp", 0)
            or refused("mount_setattr", -100, b"/", 0, None, 0) or refused("fsmount", 0, 0, 0))


def changes_its_root():
    return refused("chroot", b"/tmp") or refused("pivot_root", b"/tmp", b"/tmp")


def makes_a_user_namespace():
    return refused("unshare", 0x10000000)


def makes_a_namespace_by_clone():
    return refused("clone", 0x10000000 | 17, 0, 0, 0, 0) or refused("clone", 0x40000000 | 17, 0, 0, 0, 0)


def makes_a_namespace_by_clone3():
    return refused("clone3", (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17), 88, wanted=errno.ENOSYS)


def joins_a_namespace():
    return refused("setns", 0, 0)


def maps_itself_to_root():
    return write("/proc/self/uid_map", b"0 0 1")


def traces_another():
    return refused("ptrace", 16, 1, 0, 0)


def reads_anothers_memory():
    return refused("process_vm_readv", 1, None, 0, None, 0, 0) or refused("process_vm_writev", 1, None, 0, None, 0, 0)


def takes_anothers_descriptor():
    return refused("pidfd_getfd", 0, 0, 0) or refused("kcmp", 1, 1, 0, 0, 0)


def loads_a_program_into_the_kernel():
    return refused("bpf", 0, None, 0) or refused("perf_event_open", None, 0, -1, -1, 0)


def handles_page_faults():
    return refused("userfaultfd", 0)


def uses_io_uring():
    return refused("io_uring_setup", 8, ctypes.create_string_buffer(120))


def reads_the_keyring():
    return refused("keyctl", 0, -3, 1) or refused("add_key", b"user", b"x", b"y", 1, -3) or refused("request_key", b"user", b"x", None, -3)


def loads_a_module():
    return refused("init_module", None, 0, b"") or refused("finit_module", 0, b"", 0) or refused("delete_module", b"x", 0)


def replaces_the_kernel():
    return refused("kexec_load", 0, 0, None, 0) or refused("reboot", 0, 0, 0, None)


def changes_the_swap():
    return refused("swapon", b"x", 0) or refused("swapoff", b"x")


def changes_the_time():
    return refused("settimeofday", (ctypes.c_long * 2)(1, 0), None) or refused("clock_settime", 0, (ctypes.c_long * 2)(1, 0))


def accounts_processes():
    return refused("acct", b"/tmp/x") or refused("quotactl", 0, b"x", 0, None)


def reads_the_kernels_log():
    return refused("syslog", 3, ctypes.create_string_buffer(64), 64)


def changes_its_personality():
    return refused("personality", 0x0400000)


def renames_the_machine():
    return call("sethostname", b"evil", 4) or call("setdomainname", b"evil", 4)


def touches_ports():
    return call("iopl", 3)


def moves_pages():
    return refused("move_pages", 0, 0, None, None, None, 0)


def calls_by_the_old_door():
    """int 0x80: another table of calls, which a filter that forgets it does not see."""
    if not X86:
        return None
    pid = os.fork()
    if pid == 0:
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # getpid of the 32-bit table
        f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        os._exit(7 if f() > 0 else 8)
    status = os.waitpid(pid, 0)[1]
    return "answered" if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 7 else None


def calls_by_the_x32_door():
    if not X86:
        return None
    pid = os.fork()
    if pid == 0:
        os._exit(7 if LIBC.syscall(ctypes.c_long(0x40000000 + 39)) > 0 else 8)
    status = os.waitpid(pid, 0)[1]
    return "answered" if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 7 else None


# --- rights ---

def becomes_root():
    os.setuid(0)
    return "root"


def has_a_capability():
    for line in read("/proc/self/status").decode().splitlines():
        if line.startswith(("CapEff", "CapPrm", "CapBnd", "CapAmb")) and int(line.split()[1], 16):
            return line
    return None


def gains_rights_by_a_program():
    text = read("/proc/self/status").decode()
    return None if "NoNewPrivs:\t1" in text and "Seccomp:\t2" in text else "no_new_privs is off"


def raises_a_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard + 1))
    except ValueError:
        return None
    return "raised"


def dumps_core():
    return None if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else "cores"


def becomes_more_urgent():
    try:
        os.nice(-5)
        return "nice"
    except OSError:
        return call("sched_setscheduler", 0, 1, struct.pack("i", 1)) or call("ioprio_set", 1, 0, 1 << 13)


def keeps_a_descriptor_of_the_engine():
    extra = [n for n in os.listdir("/proc/self/fd") if int(n) > 2 and os.path.exists("/proc/self/fd/" + n)]
    return ",".join(os.readlink("/proc/self/fd/" + n) for n in extra) or None


def types_into_its_terminal():
    fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x")
    return "typed"


def pastes_into_the_console():
    fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x541C, array.array("b", [3]))
    return "pasted"


def sees_other_terminals():
    return ",".join(n for n in os.listdir("/dev/pts") if n.isdigit() and int(n) > 0) or None


# --- processes ---

def signals_the_engine():
    for pid in OUT["pids"]:
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        if b"webnovad" in read("/proc/%d/cmdline" % pid):
            return "reached %d" % pid
    return None


def opens_the_engine_by_its_number():
    for pid in OUT["pids"]:
        if pid > 60 and call("pidfd_open", pid, 0):
            return "opened %d" % pid
    return None


# --- network ---

def has_an_interface():
    return ",".join(n for _, n in socket.if_nameindex() if n != "lo") or None


def has_a_route():
    return "route" if len(read("/proc/net/route").splitlines()) > 1 else None


def connects(family, address, kind=socket.SOCK_STREAM):
    s = socket.socket(family, kind)
    s.settimeout(2)
    s.connect(address)
    if kind == socket.SOCK_DGRAM:
        s.send(b"x")
    return "connected"


def reaches_the_hosts_loopback():
    return connects(socket.AF_INET, ("127.0.0.1", OUT["port"]))


def reaches_the_hosts_loopback_6():
    return connects(socket.AF_INET6, ("::1", OUT["port"]))


def reaches_the_hosts_address():
    return connects(socket.AF_INET, (OUT["address"], OUT["port"]))


def reaches_the_cloud_metadata():
    return connects(socket.AF_INET, ("169.254.169.254", 80))


def reaches_the_internet():
    return connects(socket.AF_INET, ("192.0.2.1", 443))


def asks_a_name_server():
    return connects(socket.AF_INET, ("192.0.2.53", 53), socket.SOCK_DGRAM)


def reaches_an_abstract_socket_of_the_host():
    return connects(socket.AF_UNIX, "\0" + OUT["abstract"])


def speaks_to_the_hypervisor():
    s = socket.socket(40, socket.SOCK_STREAM)  # AF_VSOCK
    return "a socket %d" % s.fileno()


def uses_an_odd_socket():
    for family in (38, 9, 31, 15, 29, 30, 44, 17, 21, 5):  # ALG X25 BLUETOOTH KEY CAN TIPC XDP PACKET RDS APPLETALK
        try:
            socket.socket(family, socket.SOCK_DGRAM).close()
            return "family %d" % family
        except OSError as e:
            if e.errno != errno.EAFNOSUPPORT:
                return "family %d: errno %d" % (family, e.errno)
    return None


def sniffs():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    return "raw"


def adds_an_address():
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    body = struct.pack("BBBBi", socket.AF_INET, 24, 0, 0, 1) + struct.pack("HH4s", 8, 2, socket.inet_aton("10.9.8.7"))
    s.send(struct.pack("IHHII", 16 + len(body), 20, 0x405, 1, 0) + body)
    kind, = struct.unpack_from("H", s.recv(4096), 4)
    return None if kind == 2 and struct.unpack_from("i", b"\0" * 0 + s_error(s), 0)[0] else "added"


def s_error(_):
    names = [a for a in read("/proc/net/fib_trie").split() if a == b"10.9.8.7"]
    return struct.pack("i", 0 if names else -1)


def sees_the_hosts_shared_memory():
    return "segment" if str(OUT["segment"]).encode() in read("/proc/sysvipc/shm") else None


def main():
    results = {}
    for name, attempt in list(globals().items()):
        if not callable(attempt) or getattr(attempt, "__module__", "") != "__main__" or name in (
                "call", "refused", "read", "write", "connects", "main", "s_error", "peek"):
            continue
        try:
            results[name] = attempt()
        except OSError:
            results[name] = None
        except Exception as e:  # an attempt that does not run proves nothing
            results[name] = "broken: %r" % e
    with open("results.new", "w", encoding="utf-8") as f:
        json.dump(results, f)
    os.rename("results.new", "results.json")


main()
