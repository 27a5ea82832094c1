/*
 * The cryptography of the secrets, without files: XChaCha20-Poly1305 with a random nonce (its 192
 * bits may be random), and argon2id for passphrases. Both are libsodium's.
 */
#include "runtime/modules/secret/secret.h"

#include <sodium.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

wn_err
secret_seal(const unsigned char key[SECRET_KEY_BYTES], struct wn_str about, struct wn_str plain,
	    struct wn_buf *out)
{
	unsigned char *p = (unsigned char *)wn_buf_reserve(out, NONCE + plain.len + TAG);

	if (p == NULL)
		return out->err;
	randombytes_buf(p, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
		p + NONCE, NULL, (const unsigned char *)plain.p, plain.len,
		(const unsigned char *)about.p, about.len, NULL, p, key);
	wn_buf_commit(out, NONCE + plain.len + TAG);
	return WN_OK;
}

wn_err
secret_open(const unsigned char key[SECRET_KEY_BYTES], struct wn_str about, struct wn_str sealed,
	    struct wn_buf *out)
{
	const unsigned char *s = (const unsigned char *)sealed.p;
	unsigned char *p;

	if (sealed.len < NONCE + TAG)
		return WN_E_CORRUPT;
	p = (unsigned char *)wn_buf_reserve(out, sealed.len - NONCE - TAG + 1);
	if (p == NULL)
		return out->err;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(p, NULL, NULL, s + NONCE, sealed.len - NONCE,
						       (const unsigned char *)about.p, about.len, s,
						       key) != 0)
		return WN_E_CORRUPT;
	wn_buf_commit(out, sealed.len - NONCE - TAG);
	return WN_OK;
}

wn_err
secret_stretch(struct wn_str passphrase, const unsigned char salt[SECRET_SALT_BYTES], int64_t ops,
	       int64_t mem, unsigned char key[SECRET_KEY_BYTES])
{
	_Static_assert(SECRET_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt of argon2id");
	_Static_assert(SECRET_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

	return crypto_pwhash(key, SECRET_KEY_BYTES, passphrase.p, passphrase.len, salt,
			     (unsigned long long)ops, (size_t)mem,
			     crypto_pwhash_ALG_ARGON2ID13) == 0
		       ? WN_OK
		       : WN_E_NO_MEMORY;
}

void
secret_wipe(struct wn_buf *b)
{
	if (b->p != NULL)
		sodium_memzero(b->p, b->cap);
	wn_buf_fini(b);
}
