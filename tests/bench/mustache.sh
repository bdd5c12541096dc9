#!/bin/sh
# The public mustache specification's cases, from ../shared/corpus/mustache.
set -u
dir=../shared/corpus/mustache
if [ ! -d $dir ]; then
	echo "mustache specification: $dir is missing; nothing was run"
	exit 0
fi
build/rel/bench/mustache_bench $dir/*.json
