/*
 * A listening socket inside a box's network: most programs know proxies at a port only. A child
 * goes into the box's namespaces, opens the socket, and hands it out; nothing of ours stays in
 * there.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/shim/egress.h"

#define WAIT_MS 5000
#define STEP_MS 10
#define BACKLOG 64

/* The network of a process; -1: it has none of its own, or is gone. */
static int
own_network(const char *pid)
{
	char path[64];
	struct stat ours, theirs;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (stat("/proc/self/ns/net", &ours) == 0 && fstat(fd, &theirs) == 0 &&
	    ours.st_ino != theirs.st_ino)
		return fd;
	close(fd);
	return -1;
}

/* The parent of a process as its status says; 0: it is gone. */
static long
parent_of(const char *pid)
{
	char path[64], text[512], *end;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof text - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	end = strrchr(text, ')');
	return end && strlen(end) > 4 ? strtol(end + 4, NULL, 10) : 0;
}

/* Of the first child of pid that is in the box. */
static int
network_of(pid_t pid)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int fd = -1;

	while (d && fd < 0 && (e = readdir(d)))
		if (strtol(e->d_name, NULL, 10) > 0 && parent_of(e->d_name) == pid)
			fd = own_network(e->d_name);
	if (d)
		closedir(d);
	return fd;
}

/* In the child: root goes in at once, others by way of the user namespace that owns the network and
 * that they made. */
static int
listen_inside(int network, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd;

	if (setns(network, CLONE_NEWNET) != 0) {
		int user = ioctl(network, NS_GET_USERNS);

		if (user < 0 || setns(user, CLONE_NEWUSER) != 0 ||
		    setns(network, CLONE_NEWNET) != 0)
			return -1;
	}
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(fd, BACKLOG) != 0)
		return -1;
	return fd;
}

static void
hand_out(int channel, int fd)
{
	char byte = 'x', control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	(void)sendmsg(channel, &m, MSG_NOSIGNAL);
}

static int
take(int channel)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof control };
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(channel, &m, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

int
egress_box_listen(pid_t pid, int port)
{
	int network = -1, channel[2], fd;
	pid_t child;

	for (int waited = 0; network < 0 && waited < WAIT_MS; waited += STEP_MS) {
		network = network_of(pid);
		if (network < 0)
			(void)poll(NULL, 0, STEP_MS);
	}
	if (network < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		close(channel[0]);
		fd = listen_inside(network, port);
		if (fd >= 0)
			hand_out(channel[1], fd);
		_exit(fd >= 0 ? 0 : 1);
	}
	close(channel[1]);
	fd = child > 0 ? take(channel[0]) : -1;
	if (child > 0)
		(void)waitpid(child, NULL, 0);
	close(channel[0]);
	close(network);
	return fd;
}
