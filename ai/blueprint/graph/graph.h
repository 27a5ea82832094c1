/*
 * A blueprint as a picture: its entities and relations, or its pages and how one gets to them; in
 * text for a terminal, as SVG, as Mermaid, or as JSON. Pure; any thread.
 */
#ifndef AI_BLUEPRINT_GRAPH_GRAPH_H
#define AI_BLUEPRINT_GRAPH_GRAPH_H

#include "ai/blueprint/resolve.h"
#include "runtime/base/buf.h"

enum blueprint_graph_of { BLUEPRINT_GRAPH_ENTITIES, BLUEPRINT_GRAPH_PAGES };
enum blueprint_graph_format {
	BLUEPRINT_GRAPH_TEXT,
	BLUEPRINT_GRAPH_SVG,
	BLUEPRINT_GRAPH_MERMAID,
	BLUEPRINT_GRAPH_JSON
};

struct blueprint_graph_options {
	enum blueprint_graph_of of;
	enum blueprint_graph_format format;
	unsigned width;	    /* of the text, in columns; 0: 80 */
	bool no_fields;	    /* boxes hold names only */
	const char *locale; /* titles in that language (SVG, Mermaid); NULL: names */
};

/* Appends the picture. A document of any shape is drawn as far as it goes; WN_E_LIMIT when it is
 * too large for out. */
wn_err blueprint_graph(const struct wn_json *doc, const struct blueprint_graph_options *options,
		       struct wn_buf *out) WN_MUST;

#endif
