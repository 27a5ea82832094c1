/*
 * One request of a box: read, judged, connected, passed on in both directions. Blocking, in a
 * thread of its own, and everything has an end: the head, the answer of a name server's, silence.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/mem.h"
#include "runtime/shim/egress.h"

#define HEAD_MS 10000
#define CONNECT_MS 10000
#define IDLE_MS 300000
#define PIECE 32768
#define DRAIN_MS 1000
#define DRAIN_MAX ((size_t)1 << 20)

/* --- where to ---- */

static bool
same_address(const struct sockaddr *a, const struct sockaddr *b)
{
	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET)
		return memcmp(&((const struct sockaddr_in *)(const void *)a)->sin_addr,
			      &((const struct sockaddr_in *)(const void *)b)->sin_addr, 4) == 0;
	return a->sa_family == AF_INET6 &&
	       memcmp(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
		      &((const struct sockaddr_in6 *)(const void *)b)->sin6_addr, 16) == 0;
}

/* This machine's own addresses may be public ones too: what listens there is not for its boxes. */
static bool
is_own(const struct sockaddr *a)
{
	struct ifaddrs *all, *i;
	bool own = false;

	if (getifaddrs(&all) != 0)
		return true;
	for (i = all; i && !own; i = i->ifa_next)
		own = i->ifa_addr && same_address(i->ifa_addr, a);
	freeifaddrs(all);
	return own;
}

static int
connect_one(const struct addrinfo *i)
{
	int fd = socket(i->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
	struct pollfd p = { fd, POLLOUT, 0 };
	socklen_t n = sizeof error;

	if (fd < 0)
		return -1;
	if (connect(fd, i->ai_addr, i->ai_addrlen) != 0 &&
	    (errno != EINPROGRESS || poll(&p, 1, CONNECT_MS) != 1 ||
	     getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0 || error != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One address that must not be reached spoils the name: whoever mixes them means it. */
static bool
all_public(const struct addrinfo *found)
{
	for (const struct addrinfo *i = found; i; i = i->ai_next)
		if (!egress_is_public(i->ai_addr) || is_own(i->ai_addr))
			return false;
	return true;
}

int
egress_connect(const struct egress *e, const char *host, int port, char *address, size_t n,
	       char *why, size_t nwhy)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	bool within = egress_rules_allow(&e->within, host, port);
	struct addrinfo *found = NULL;
	char service[8];
	int fd = -1, rc;

	address[0] = why[0] = '\0';
	if (!within && !e->full && !egress_rules_allow(&e->allow, host, port)) {
		snprintf(why, nwhy, "%s:%d is not on the list of what this platform may reach",
			 host, port);
		return -1;
	}
	snprintf(service, sizeof service, "%d", port);
	rc = getaddrinfo(host, service, &hints, &found);
	if (rc != 0) {
		snprintf(why, nwhy, "%s: %s", host, gai_strerror(rc));
		return -1;
	}
	if (!within && !all_public(found)) {
		snprintf(why, nwhy, "%s leads to an address that is not of the open internet",
			 host);
		freeaddrinfo(found);
		return -1;
	}
	/* To the addresses that were judged, not to the name: it may lead elsewhere by now. */
	for (const struct addrinfo *i = found; i && fd < 0; i = i->ai_next) {
		fd = connect_one(i);
		(void)getnameinfo(i->ai_addr, i->ai_addrlen, address, (socklen_t)n, NULL, 0,
				  NI_NUMERICHOST);
	}
	freeaddrinfo(found);
	if (fd < 0)
		snprintf(why, nwhy, "%s:%d does not answer", host, port);
	return fd;
}

/* --- bytes ---- */

static bool
send_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		struct pollfd w = { fd, POLLOUT, 0 };
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

		if (k < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (k < 0 && poll(&w, 1, IDLE_MS) != 1)
			return false;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

/* One piece from one side to the other; false: that side has ended or failed. most: how much may
 * still go. */
static bool
pass(int from, int to, int64_t *count, int64_t most)
{
	char piece[PIECE];
	size_t room = most < (int64_t)sizeof piece ? (size_t)most : sizeof piece;
	ssize_t n = recv(from, piece, room, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0 || !send_all(to, piece, (size_t)n))
		return false;
	*count += n;
	return true;
}

/* Both ways until both have ended. up_most: what the client may still send. */
static void
relay(int client, int server, int64_t up_most, struct egress_entry *log)
{
	bool up = up_most > 0, down = true;
	int64_t sent = 0;

	while (down) {
		struct pollfd p[2] = { { up ? client : -1, POLLIN, 0 }, { server, POLLIN, 0 } };

		if (poll(p, 2, IDLE_MS) <= 0)
			break;
		if (p[0].revents &&
		    (!pass(client, server, &sent, up_most - sent) || sent >= up_most)) {
			up = false;
			/* A plain request's server waits for its end no more than it must. */
			if (sent < up_most)
				(void)shutdown(server, SHUT_WR);
		}
		if (p[1].revents && !pass(server, client, &log->down, INT64_MAX))
			down = false;
	}
	log->up += sent;
}

/* --- one request ---- */

static void
refuse(int fd, int status, const char *why)
{
	char body[600], text[900];
	int n = snprintf(body, sizeof body, "webnova: %s\n", why);

	n = snprintf(text, sizeof text,
		     "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
		     "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
		     status,
		     status == 403   ? "Forbidden"
		     : status == 502 ? "Bad Gateway"
				     : "Bad Request",
		     n, body);
	(void)send_all(fd, text, (size_t)n);
	/* What is still coming would make the kernel throw the answer away. */
	(void)shutdown(fd, SHUT_WR);
	for (size_t seen = 0; seen < DRAIN_MAX;) {
		struct pollfd p = { fd, POLLIN, 0 };
		ssize_t k = poll(&p, 1, DRAIN_MS) == 1 ? recv(fd, text, sizeof text, 0) : 0;

		if (k <= 0)
			return;
		seen += (size_t)k;
	}
}

/* The head of a request; what comes after it stays in the buffer. */
static enum egress_parse
read_head(int fd, struct wn_buf *in, struct egress_request *r, const char **why)
{
	int64_t until = wn_mono_ns(wn_clock_real()) + (int64_t)HEAD_MS * 1000000;
	enum egress_parse state = EGRESS_MORE;

	*why = "no request came";
	while (state == EGRESS_MORE) {
		int64_t left = (until - wn_mono_ns(wn_clock_real())) / 1000000;
		struct pollfd p = { fd, POLLIN, 0 };
		char *room = wn_buf_reserve(in, 2048);
		ssize_t n;

		if (!room || left <= 0 || poll(&p, 1, (int)left) != 1)
			return EGRESS_BAD;
		n = recv(fd, room, 2048, 0);
		if (n <= 0)
			return EGRESS_MORE;
		wn_buf_commit(in, (size_t)n);
		state = egress_request_parse(wn_buf_view(in), r, why);
	}
	return state;
}

/* What was read beyond the head goes first; the rest is passed on as it comes. */
static void
forward(int fd, int server, const struct egress_request *r, const struct wn_buf *in,
	struct egress_entry *log)
{
	size_t early = in->len - r->head;
	int64_t most = r->tunnel ? INT64_MAX : r->body;
	struct wn_buf head;
	bool ok = true;

	if ((int64_t)early > most)
		early = (size_t)most; /* a second request is not for this server to see */
	wn_buf_init(&head, (size_t)EGRESS_HEAD_MAX * 2);
	if (r->tunnel)
		ok = send_all(fd, "HTTP/1.1 200 OK\r\n\r\n", 19);
	else
		egress_request_head(r, &head);
	ok = ok && !head.err && send_all(server, head.p ? head.p : "", head.len) &&
	     send_all(server, in->p + r->head, early);
	log->up = (int64_t)(head.len + early);
	wn_buf_fini(&head);
	if (ok)
		relay(fd, server, most - (int64_t)early, log);
}

void
egress_serve(struct egress *e, int fd)
{
	int64_t began = wn_mono_ns(wn_clock_real());
	char address[64] = "", reason[400] = "";
	struct egress_entry log = { .host = "", .address = address, .reason = reason };
	struct egress_request r = { 0 };
	const char *why;
	struct wn_buf in;
	int server = -1;
	enum egress_parse got;

	wn_buf_init(&in, (size_t)EGRESS_HEAD_MAX + 4096);
	got = read_head(fd, &in, &r, &why);
	if (got == EGRESS_OK) {
		log.host = r.host;
		log.port = r.port;
		server = egress_connect(e, r.host, r.port, address, sizeof address, reason,
					sizeof reason);
		log.allowed = server >= 0;
		if (server < 0)
			refuse(fd, address[0] ? 502 : 403, reason);
		else
			forward(fd, server, &r, &in, &log);
	} else if (got == EGRESS_BAD) {
		snprintf(reason, sizeof reason, "%s", why);
		refuse(fd, 400, why);
	}
	log.ms = (wn_mono_ns(wn_clock_real()) - began) / 1000000;
	if (got != EGRESS_MORE)
		egress_log_add(e->log, &log);
	wn_buf_fini(&in);
	if (server >= 0)
		close(server);
	close(fd);
}
