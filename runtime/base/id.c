/*
 * ULID and UUIDv7 (RFC 9562) from one 48-bit time and one 80-bit counter that
 * starts at random in every new millisecond. Sources: github.com/ulid/spec.
 */
#include "runtime/base/id.h"

#include <string.h>

#include "runtime/base/hash.h"

static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
wn_idgen_init(struct wn_idgen *g, const struct wn_clock *clock)
{
	*g = (struct wn_idgen){ .clock = clock, .last_ms = -1 };
}

/* Adds step to the counter; false when it overflowed. */
static bool
bump(unsigned char counter[10], unsigned step)
{
	for (int i = 9; i >= 0 && step; i--) {
		step += counter[i];
		counter[i] = (unsigned char)step;
		step >>= 8;
	}
	return step == 0;
}

/* Moves the generator to its next value. */
static void
advance(struct wn_idgen *g, unsigned step)
{
	int64_t now = wn_now_ms(g->clock);

	if (now < 0)
		now = 0;
	if (now <= g->last_ms) {
		/* Same millisecond, or the clock went back: stay on the last time. */
		if (bump(g->last, step))
			return;
		now = g->last_ms + 1;
	}
	g->last_ms = now;
	wn_random(g->last, sizeof(g->last));
}

static void
put_ms(int64_t ms, unsigned char out[6])
{
	for (int i = 5; i >= 0; i--, ms >>= 8)
		out[i] = (unsigned char)ms;
}

void
wn_id_ulid(struct wn_idgen *g, char out[WN_ULID_MAX])
{
	unsigned char raw[16];
	unsigned bits = 0, have = 2; /* 26 * 5 = 130: two zero bits come first */
	size_t n = 0;

	advance(g, 1);
	put_ms(g->last_ms, raw);
	memcpy(raw + 6, g->last, 10);
	for (size_t i = 0; i < sizeof(raw); i++) {
		bits = (bits << 8 | raw[i]) & 0xFFFF;
		have += 8;
		for (; have >= 5; have -= 5)
			out[n++] = base32[bits >> (have - 5) & 31];
	}
	out[n] = '\0';
}

/* The upper 74 bits of the counter go around version and variant, so one step is 64. */
void
wn_id_uuid7(struct wn_idgen *g, char out[WN_UUID_MAX])
{
	unsigned char raw[16] = { 0 };
	uint64_t low = 0;
	size_t n = 0;

	advance(g, 64);
	put_ms(g->last_ms, raw);
	/* 12 bits behind the version */
	raw[6] = (unsigned char)(0x70 | g->last[0] >> 4);
	raw[7] = (unsigned char)(g->last[0] << 4 | g->last[1] >> 4);
	/* 62 bits behind the variant */
	for (int i = 1; i < 9; i++)
		low = low << 8 | g->last[i];
	low = low << 2 | g->last[9] >> 6;
	low = (low & (UINT64_MAX >> 2)) | UINT64_C(2) << 62;
	for (int i = 15; i >= 8; i--, low >>= 8)
		raw[i] = (unsigned char)low;
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		wn_hex(&raw[i], 1, out + n);
		n += 2;
	}
}

static int
base32_value(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	at = c ? strchr(base32, c) : NULL;
	return at ? (int)(at - base32) : -1;
}

bool
wn_id_is_ulid(struct wn_str s)
{
	if (s.len != WN_ULID_MAX - 1 || s.p[0] > '7')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (base32_value(s.p[i]) < 0)
			return false;
	return true;
}

int64_t
wn_id_ulid_ms(struct wn_str s)
{
	uint64_t ms = 0;

	if (!wn_id_is_ulid(s))
		return -1;
	for (size_t i = 0; i < 10; i++)
		ms = ms << 5 | (unsigned)base32_value(s.p[i]);
	return (int64_t)ms;
}

bool
wn_id_is_uuid(struct wn_str s)
{
	if (s.len != WN_UUID_MAX - 1)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char c = s.p[i];

		if (dash ? c != '-'
			 : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
			     (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}
