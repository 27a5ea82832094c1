/* Generated from schemas/error.json by schemas/gen; do not edit. */
/* clang-format off */
#ifndef RUNTIME_BASE_ERROR_CODES_H
#define RUNTIME_BASE_ERROR_CODES_H

enum wn_error_code {
	WN_OK = 0,
	WN_E_INTERNAL = -1, /* Something went wrong inside WebNova. */
	WN_E_NO_MEMORY = -2, /* There is not enough memory. */
	WN_E_INVALID = -3, /* An argument is not acceptable. */
	WN_E_PARSE = -4, /* The text could not be parsed. */
	WN_E_SCHEMA = -5, /* The document does not follow its schema. */
	WN_E_REQUEST = -6, /* The message is not a valid JSON-RPC request. */
	WN_E_METHOD = -7, /* There is no such method. */
	WN_E_NOT_FOUND = -8, /* It does not exist, or it is not yours. */
	WN_E_EXISTS = -9, /* It exists already. */
	WN_E_CONFLICT = -10, /* Somebody else changed it meanwhile. */
	WN_E_DENIED = -11, /* You may not do this. */
	WN_E_UNAUTHENTICATED = -12, /* The engine does not know who you are. */
	WN_E_LIMIT = -13, /* A limit was reached. */
	WN_E_RATE = -14, /* Too many requests in a short time. */
	WN_E_BUSY = -15, /* It is busy with something else. */
	WN_E_CANCELLED = -16, /* It was cancelled. */
	WN_E_DEADLINE = -17, /* It took longer than it may. */
	WN_E_UNAVAILABLE = -18, /* A part that is needed is not there right now. */
	WN_E_READ_ONLY = -19, /* The store can only be read right now. */
	WN_E_NO_SPACE = -20, /* The disk is full. */
	WN_E_IO = -21, /* Reading or writing failed. */
	WN_E_CLOSED = -22, /* The connection is closed. */
	WN_E_UNSUPPORTED = -23, /* This is not supported. */
	WN_E_VERSION = -24, /* The versions do not fit together. */
	WN_E_CORRUPT = -25, /* The data is damaged. */
	WN_E_TOOL = -26, /* A program that is needed is not installed. */
	WN_E_PROCESS = -27, /* A program ended with an error. */
	WN_E_CONSENT = -28, /* This needs a confirmation. */
	WN_E_STATE = -29, /* It is not in a state that allows this. */
	WN_E_NEED = -30, /* A module needs an interface that nobody offers. */
	WN_E_CYCLE = -31, /* Modules need each other in a circle. */
	WN_E_CONTRACT = -32, /* A message does not follow its contract. */
	WN_E_SANDBOX = -33, /* The sandbox could not be set up. */
	WN_E_NETWORK = -34, /* The other end could not be reached. */
	WN_E_PROVIDER = -35, /* The model provider answered with an error. */
	WN_E_TERMINAL = -36, /* This terminal cannot show the IDE. */
};

#endif
