# Completion of rmail(1) for bash.
_rmail() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local commands='init check import run status why queue quarantine person
		report export backup inspect match preview rehearse help'
	local words=

	case $before in
	--format) words='text html json csv pdf' ;;
	--part) words='text html eml' ;;
	--now)
		mapfile -t COMPREPLY < <(compgen -W \
			"$(date -u +%Y-%m-%dT%H:%MZ)" -- "$word")
		return
		;;
	--out | --data | --sent | --answers | --capacity | --scores | --keep)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	esac
	if [ -z "$words" ]; then
		if [ "$COMP_CWORD" -eq 1 ]; then
			words=$commands
		else
			case ${COMP_WORDS[1]} in
			check) words='--online --send-test --now' ;;
			run) words='--dry-run --now -v' ;;
			status | queue) words='--json --now' ;;
			why) words=--json ;;
			quarantine) words='list show release drop --json --now' ;;
			person) words='show export erase --yes --now' ;;
			report) words='--format --out --record --now' ;;
			export) words='calendar answer attendee change form inbox
				outbox pair person proposal published round
				session --json' ;;
			inspect) words='--json --text --sent --now' ;;
			match) words='--dry-run --verify --people --answers --scores --capacity --json
				--objective --max --good-enough --dimacs --explain
				--locale' ;;
			preview) words='--data --part --locale --templates' ;;
			rehearse) words='--people --months --seed --faults --keep' ;;
			esac
		fi
	fi
	mapfile -t COMPREPLY < <(
		compgen -W "$words" -- "$word"
		[ "$COMP_CWORD" -gt 1 ] && compgen -f -- "$word"
	)
}
complete -o filenames -F _rmail rmail
