#!/bin/sh
# Calls that have a better one in this house.  Prints TAP.
set -u
bad=0 n=0

ban() { # WHAT PATTERN WHY [EXCEPT-REGEX]
	n=$((n + 1))
	hits=$(grep -nE "$2" src/*.c src/*/*.[ch] 2>/dev/null |
		grep -vE "^src/(${4:-none})" |
		grep -vE '^[^:]*:[0-9]*:[ 	]*(/?\*|//)')
	if [ -n "$hits" ]; then
		echo "$hits" | head -10 | sed 's/^/# /'
		echo "not ok $n - $1: $3"
		bad=1
	else
		echo "ok $n - $1"
	fi
}

ban 'libc string builders' '\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|stpcpy|strtok|strtok_r|gets|alloca)\(' 'use struct str or the arena'
ban 'libc number readers' '\b(atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull|strtod|sscanf)\(' 'use base/num.h'
ban 'the system clock' '\b(time|gettimeofday|clock_gettime|localtime|localtime_r|gmtime|gmtime_r|mktime|strftime)\(' 'time comes from struct world' 'main\.c|cli/|reader/|mailin/|mailout/|web/|app/clock\.c'
ban 'dice' '\b(rand|srand|random|srandom|drand48|arc4random)\(' 'chance comes from struct world'
ban 'malloc outside base' '\b(malloc|calloc|realloc|strdup|strndup|asprintf)\(' 'use an arena' 'base/arena\.c'
ban 'printing' '\b(printf|puts|putchar|perror|fprintf|fputs)\(' 'modules return errors; only app logs and cli speaks' 'main\.c|cli/|app/|base/'
ban 'SQL outside the list' '"(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|BEGIN|COMMIT)[ ;]' 'all SQL stands in src/store/queries.def' 'store/'
ban 'shell' '\b(system|popen)\(' 'no shell'
ban 'left-overs' '\b(TODO|FIXME|XXX)\b' 'finish it or leave it out'
ban 'non-local jumps' '\b(setjmp|longjmp)\(' 'return an error'
echo 1..$n
exit $bad
