#!/bin/sh
# Goal: 0 groups below the threshold recovered in 10,000 programmes.
exec build/rel/bench/withhold_bench "${PROGRAMMES:-10000}"
