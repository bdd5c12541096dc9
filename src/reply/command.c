/*
 * The lead's commands, one a line.  Verbs are forgiven a wrong letter; what
 * is not understood is handed on as VERB_UNKNOWN, so that the answer can echo
 * it, and too many such lines end the reading: it was no list of commands.
 */
#include <string.h>

#include "base/limits.h"
#include "base/uni.h"
#include "base/vec.h"
#include "reply/reply_int.h"

struct verb_words {
	enum verb verb;
	const char *name;  /* the word in English, as help shows it */
	const char *words; /* others that mean the same, all languages */
};

static const struct verb_words verbs[] = {
    {VERB_HELP, "help", "commands hilfe befehle aide"},
    {VERB_APPROVE, "approve",
	"approved accept ok okay yes freigeben genehmigen bestätigen annehmen "
	"zustimmen ja genehmigt freigabe"},
    {VERB_REJECT, "reject",
	"decline ablehnen verwerfen abgelehnt zurückweisen"},
    {VERB_LOCK, "lock", "fix keep sperren festhalten behalten fixieren"},
    {VERB_UNLOCK, "unlock", "entsperren lösen freimachen"},
    {VERB_EXCLUDE, "exclude", "forbid ausschließen ausschliessen trennen"},
    {VERB_SWAP, "swap", "exchange tauschen vertauschen tausche"},
    {VERB_MATCH, "match", "pair zuordnen paaren matchen zusammenbringen"},
    {VERB_CAPACITY, "capacity", "kapazität kapazitaet plätze"},
    {VERB_WHY, "why", "explain warum wieso erkläre erklären"},
    {VERB_END, "end", "finish beenden beende"},
    {VERB_REMATCH, "rematch", "re-match neuzuordnen neupaaren umpaaren"},
    {VERB_ADMIT, "admit", "allow zulassen aufnehmen"},
    {VERB_REFUSE, "refuse", "deny verweigern abweisen"},
    {VERB_INVITE, "invite", "einladen lade"},
    {VERB_PAUSE, "pause", "suspend pausieren pausiere"},
    {VERB_RESUME, "resume", "unpause continue fortsetzen weiter"},
    {VERB_REMOVE, "remove", "delete entfernen entferne löschen"},
    {VERB_IMPROVE, "improve",
	"improvement improved verbesserung verbessern verbessert"},
    {VERB_SEND, "send", "schicken schicke senden sende versenden"},
    {VERB_STATUS, "status", "stand overview übersicht"},
    {VERB_SHOW, "show", "zeigen zeige list anzeigen liste"},
    {VERB_RELEASE, "release", "freilassen zustellen"},
    {VERB_DROP, "drop", "discard wegwerfen verwirf"},
    {VERB_START, "start", "begin starten beginnen los"},
    {VERB_CLOSE, "close", "schließen schliessen abschließen abschliessen"},
    {VERB_HOLD, "hold", "freeze anhalten einfrieren"},
    {VERB_GO, "go", "unfreeze weitermachen fortfahren"},
    {VERB_CONFIRM, "confirm", "confirmed bestätige"},
    {VERB_UNDO, "undo", "revert rückgängig rueckgaengig zurücknehmen"},
    {VERB_ROSTER, "roster", "import importieren teilnehmerliste einlesen"},
    {VERB_ACTION, "action", "maßnahme massnahme aktion"},
};

/* Of three letters or fewer a slip makes another word. */
static bool
nearly(struct span a, struct span b)
{
	size_t head = 0, tail = 0, more, less;

	if (span_eq(a, b))
		return true;
	if (a.n < 4 || b.n < 4)
		return false;
	while (head < a.n && head < b.n && a.p[head] == b.p[head])
		head++;
	while (tail < a.n - head && tail < b.n - head &&
	       a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	more = a.n - head - tail;
	less = b.n - head - tail;
	if (more <= 1 && less <= 1)
		return true;
	/* two neighbours exchanged */
	return more == 2 && less == 2 && a.p[head] == b.p[head + 1] &&
	       a.p[head + 1] == b.p[head];
}

static bool
listed(struct span word, const char *words, bool exactly)
{
	struct span rest = span_of(words), w;

	while (span_word(&rest, &w))
		if (exactly ? span_eq(word, w) : nearly(word, w))
			return true;
	return false;
}

static enum verb
verb_exact(struct span word)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (listed(word, verbs[i].name, true) ||
		    listed(word, verbs[i].words, true))
			return verbs[i].verb;
	return VERB_UNKNOWN;
}

/* The one verb that the word nearly is; of two none. */
static enum verb
verb_near(struct span word)
{
	enum verb found = VERB_UNKNOWN;
	int n = 0;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (listed(word, verbs[i].name, false) ||
		    listed(word, verbs[i].words, false)) {
			found = verbs[i].verb;
			n++;
		}
	return n == 1 ? found : VERB_UNKNOWN;
}

static struct span
bare(struct span word)
{
	while (word.n > 0 && strchr(".,;:!", word.p[word.n - 1]) != NULL)
		word.n--;
	while (word.n > 0 && strchr(",;:-*\"", word.p[0]) != NULL)
		word = span_skip(word, 1);
	return word;
}

/* The next argument; "quoted words" are one. */
static bool
next_arg(struct span *rest, struct span *arg)
{
	static const char *const quotes[][2] = {{"\"", "\""},
	    {"\xe2\x80\x9c", "\xe2\x80\x9d"}, {"\xe2\x80\x9e", "\xe2\x80\x9c"},
	    {"\xc2\xab", "\xc2\xbb"}};

	*rest = span_ltrim(*rest);
	while (rest->n > 0 && strchr(",;", rest->p[0]) != NULL)
		*rest = span_ltrim(span_skip(*rest, 1));
	if (rest->n == 0)
		return false;
	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++) {
		struct span in;
		size_t end;

		if (!span_starts(*rest, quotes[i][0]))
			continue;
		in = span_skip(*rest, strlen(quotes[i][0]));
		end = span_find(in, span_of(quotes[i][1]));
		if (end == in.n)
			continue;
		*arg = span_trim(span_sub(in, 0, end));
		*rest = span_skip(in, end + strlen(quotes[i][1]));
		return true;
	}
	{
		size_t n = 0;

		while (n < rest->n && !ascii_blank(rest->p[n]) &&
		       rest->p[n] != ',' && rest->p[n] != ';')
			n++;
		*arg = bare(span_sub(*rest, 0, n));
		*rest = span_skip(*rest, n);
	}
	return true;
}

static bool
is_filler(struct span word)
{
	static const char words[] =
	    "and und with mit please bitte & from von the der die das pair "
	    "paar number nr nr. no. #";

	return listed(word, words, true);
}

static void
add_args(struct arena *arena, struct command *c)
{
	struct span rest = c->rest, arg;

	while (c->args_n < 200 && next_arg(&rest, &arg)) {
		if (arg.n == 0 || is_filler(uni_fold(arena, arg)))
			continue;
		if (arg.n > 1 && arg.p[0] == '#' && ascii_digit(arg.p[1]))
			arg = span_skip(arg, 1);
		vec_room(arena, &c->args, c->args_n, sizeof(*c->args));
		c->args[c->args_n++] = arg;
	}
}

/* "12 approve", "please approve 3", "- reject 4", "* lock 7". */
static struct span
without_front(struct arena *arena, struct span line)
{
	struct span rest, word;

	while (line.n > 1 && strchr("-*>", line.p[0]) != NULL &&
	       (line.p[1] == ' ' || line.p[1] == '\t'))
		line = span_ltrim(span_skip(line, 1));
	rest = line;
	while (span_word(&rest, &word) &&
	       listed(uni_fold(arena, bare(word)),
		   "please bitte could can you rmail /rmail", true))
		line = span_ltrim(rest);
	return line;
}

/* German puts the verb last: "Paar 3 freigeben". */
static enum verb
verb_last(struct arena *arena, struct span all, struct span *rest)
{
	size_t from = all.n;
	enum verb verb;

	while (from > 0 && all.p[from - 1] != ' ')
		from--;
	if (from == 0 || from > 120)
		return VERB_UNKNOWN;
	verb = verb_exact(uni_fold(arena, bare(span_skip(all, from))));
	if (verb != VERB_UNKNOWN)
		*rest = span_trim(span_sub(all, 0, from));
	return verb;
}

/* "help me with the form", "yes we can talk about it": no list of numbers. */
static bool
is_sentence(const struct command *c)
{
	switch (c->verb) {
	case VERB_HELP:
	case VERB_UNDO:
	case VERB_GO:
	case VERB_HOLD:
	case VERB_STATUS:
		return c->args_n > 2;
	case VERB_APPROVE:
	case VERB_REJECT:
	case VERB_LOCK:
	case VERB_UNLOCK:
	case VERB_END:
	case VERB_RELEASE:
	case VERB_DROP:
	case VERB_START:
	case VERB_CLOSE:
		break;
	default:
		return false;
	}
	for (uint32_t i = 0; i < c->args_n; i++)
		if (ascii_digit(c->args[i].p[0]) || span_has(c->args[i], "@"))
			return false;
	return c->args_n > 3;
}

/*
 * "approve but not 3", "pause? no", "help is not needed": a word turns the
 * sense of the line or asks.  Texts of one's own may hold any word.
 */
static bool
is_doubtful(const struct command *c)
{
	static const char turning[] =
	    "or oder ou no nein never nie ne don't do said sagte maybe unless "
	    "instead statt yet already schon she he";
	struct tokens ts;

	if (c->verb == VERB_IMPROVE || c->verb == VERB_ACTION)
		return false;
	tokens_read(c->rest, &ts);
	for (int i = 0; i < ts.n; i++) {
		/* "no. 3" */
		if (token_is(&ts, i, "no") &&
		    (token_is(&ts, i + 1, ".") ||
			(i + 1 < ts.n && ts.t[i + 1].kind == TOKEN_NUMBER)))
			continue;
		if (token_is(&ts, i, "?") || token_in(&ts, i, turning) ||
		    (lexeme_of(&ts.t[i])->is & DOUBT) != 0)
			return true;
	}
	return is_sentence(c);
}

static void
read_line(struct arena *arena, struct span line, struct command *c)
{
	struct span all = without_front(arena, line), rest = all, word, first;

	*c = (struct command){.line = line, .rest = SPAN("")};
	if (!span_word(&rest, &word))
		return;
	first = uni_fold(arena, bare(word));
	c->rest = span_trim(rest);
	c->verb = verb_exact(first);
	if (c->verb == VERB_UNKNOWN)
		c->verb = verb_last(arena, all, &c->rest);
	if (c->verb == VERB_UNKNOWN)
		c->verb = verb_near(first);
	if (span_starts(c->rest, ":"))
		c->rest = span_ltrim(span_skip(c->rest, 1));
	if (c->verb != VERB_UNKNOWN)
		add_args(arena, c);
	if (is_doubtful(c)) {
		c->verb = VERB_UNKNOWN;
		c->args_n = 0;
	}
}

static bool
ends_reading(struct arena *arena, struct span line)
{
	struct span word = uni_fold(arena, span_sub(line, 0, 80));

	return line_is_sign_off(line) ||
	       listed(word, "quit stop exit ende schluss end.", true) ||
	       span_starts(word, "-- ") || span_starts(word, "__");
}

void
reply_commands(struct arena *arena, struct span text, struct command **out,
    uint32_t *n, struct span *stopped)
{
	struct span line;
	int unknown = 0;
	bool greeted = false;

	*out = NULL;
	*n = 0;
	*stopped = SPAN("");
	while (span_line(&text, &line)) {
		struct command c;

		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '>')
			continue;
		if (!greeted && line_is_greeting(line)) {
			greeted = true;
			continue;
		}
		if (ends_reading(arena, line)) {
			*stopped = line;
			return;
		}
		if (*n == LIMIT_COMMANDS) {
			*stopped = SPAN("too many commands");
			return;
		}
		read_line(arena, line, &c);
		vec_room(arena, out, *n, sizeof(c));
		(*out)[(*n)++] = c;
		if (c.verb == VERB_UNKNOWN &&
		    ++unknown == LIMIT_UNKNOWN_LINES) {
			*stopped = SPAN("too many unknown lines");
			return;
		}
	}
}

const char *
verb_name(enum verb verb)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (verbs[i].verb == verb)
			return verbs[i].name;
	return "unknown";
}
