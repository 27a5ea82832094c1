#!/bin/sh
# run-shop.sh [BUILD]: the main job without a terminal, as a person would do it: a new shop from its
# blueprint, started in its sandbox, asked, kept, stopped. Everything lives in a temporary directory, with an
# engine of its own; only fetched dependencies are kept (WEBNOVA_CACHE, default ~/.cache). Ends with 0 when
# every step did what it should.
set -eu
BUILD=${1:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
HERE=$(cd "$(dirname "$0")" && pwd)
CACHE=${WEBNOVA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}}
PATH=$BUILD:$PATH
[ -x "$BUILD/webnova" ] && [ -x "$BUILD/webnovad" ] || { echo "run-shop: no programs in $BUILD; run make first" >&2; exit 1; }

# The path of a socket may have 107 bytes, so the directory has a short name.
TOP=$(mktemp -d /tmp/wn-XXXXXX)
export HOME="$TOP/home" XDG_RUNTIME_DIR="$TOP/run" XDG_CACHE_HOME="$CACHE" XDG_STATE_HOME="$TOP/state" XDG_CONFIG_HOME="$TOP/config"
mkdir -p "$HOME" "$CACHE" && mkdir -m 700 "$XDG_RUNTIME_DIR"
SHOP=$TOP/shop

clean() {
	status=$?
	trap - EXIT INT TERM
	webnova stop "$SHOP" --quiet >/dev/null 2>&1 || true
	webnova engine stop --quiet >/dev/null 2>&1 || true
	if [ $status -ne 0 ] && [ -f "$XDG_STATE_HOME/webnova/log/engine.log" ]; then
		echo "run-shop: failed; the end of the engine's log:" >&2
		tail -n 20 "$XDG_STATE_HOME/webnova/log/engine.log" >&2
	fi
	rm -rf "$TOP"
	exit $status
}
trap clean EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }
fail() { echo "run-shop: $*" >&2; exit 1; }

# GET by curl, or by the Node.js the platform itself runs on.
fetch() {
	if command -v curl >/dev/null 2>&1; then
		curl -fsS --max-time 10 "$1"
	else
		NODE=$(ls "$XDG_CACHE_HOME"/webnova/preview/node-*/node_modules/node-*/bin/node 2>/dev/null | head -n 1)
		"${NODE:-node}" -e 'fetch(process.argv[1]).then(async r => { if (!r.ok) process.exit(1); process.stdout.write(await r.text()) })' "$1"
	fi
}

say "webnova new: a shop from $HERE/shop.blueprint.json"
webnova new "$SHOP" --blueprint "$HERE/shop.blueprint.json"

say "webnova run: dependencies, web build, start, health check (the first time this fetches from npm)"
ANSWER=$(webnova run "$SHOP" --json) || fail "webnova run: $ANSWER"
URL=$(printf '%s\n' "$ANSWER" | sed -n 's/.*"url":"\([^"]*\)".*/\1/p')
[ -n "$URL" ] || fail "webnova run named no address: $ANSWER"
echo "it answers at $URL"

say "what it answers"
HEALTH=$(fetch "${URL}health")
echo "GET /health        $HEALTH"
case $HEALTH in *ok*) ;; *) fail "the health check says $HEALTH" ;; esac
PRODUCTS=$(fetch "${URL}api/products")
echo "GET /api/products  $(printf '%s' "$PRODUCTS" | cut -c 1-160) ..."
case $PRODUCTS in *Cosmos*) ;; *) fail "the list of products lacks the seeded book" ;; esac

say "webnova ps, webnova logs"
webnova ps
webnova logs "$SHOP" -n 5

say "a change, webnova snapshot, history and diff"
echo "Opening hours: 9 to 17" >>"$SHOP/README.md"
webnova snapshot "$SHOP" -m "opening hours"
webnova history "$SHOP"
webnova diff "$SHOP" first last

say "webnova restore: back to the first state"
webnova restore "$SHOP" first
! grep -q "Opening hours" "$SHOP/README.md" || fail "the file was not put back"

say "webnova events: the whole story"
webnova events --workspace "$SHOP" --type 'workspace.*,codegen.*,snapshot.*,preview.*,job.started,job.finished,job.failed'

say "webnova stop"
webnova stop "$SHOP"
if fetch "${URL}health" >/dev/null 2>&1; then fail "it still answers"; fi
say "done: the shop was made, ran, answered, was changed, put back and stopped"
