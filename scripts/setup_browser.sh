#!/bin/sh
# Makes sure there is a Chromium for the browser tests: what SHOPMOMENT_CHROMIUM or PATH names,
# else Debian's package. Says nothing when one is there.
set -eu

if [ -n "${SHOPMOMENT_CHROMIUM:-}" ]; then
    [ -x "$SHOPMOMENT_CHROMIUM" ] && exit 0
    echo "setup_browser: SHOPMOMENT_CHROMIUM=$SHOPMOMENT_CHROMIUM is no executable file; correct or unset it" >&2
    exit 1
fi
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "setup_browser: no chromium found and no right to install it; run 'apt-get install chromium' as root, or set SHOPMOMENT_CHROMIUM to a browser" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup_browser: no chromium found and no apt-get here; install Chromium and set SHOPMOMENT_CHROMIUM to it" >&2
    exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup_browser: installing chromium for the browser tests"
if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
    echo "setup_browser: apt-get could not install chromium: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")" >&2
    exit 1
fi
