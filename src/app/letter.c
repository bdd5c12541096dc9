/*
 * Template + values -> an outbox row.  A mail is rendered once, here, and
 * stored; every retry sends these bytes.
 */

#include "app/app.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "compose/compose.h"
#include "model/address.h"
#include "tmpl/tmpl.h"

enum {
	SUBJECT_COLUMNS = 120
};

/* --- values that every mail has ------------------------------------------ */

/* "Dr.", "Prof", "Frau": in front of a name, and no name. */
static bool
is_title(struct span word)
{
	static const char *const titles[] = {"dr", "prof", "professor", "mr",
	    "mrs", "ms", "miss", "mx", "sir", "herr", "frau", "hr", "fr",
	    "dipl", "ing", "dipl.-ing", "mag", "med", "jur", "phil", "rer",
	    "nat", "m", "mme", "mlle"};

	if (word.n > 1 && word.p[word.n - 1] == '.')
		word.n--;
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (span_caseis(word, titles[i]))
			return true;
	return false;
}

/* "Anna Berg", "Berg, Anna", "Prof. Dr. Anna Berg" -> "Anna" */
static struct span
first_name(struct span name)
{
	struct span rest = span_trim(name), word = rest, all = rest;
	size_t comma = span_findc(rest, ',');

	if (span_findc(rest, '@') < rest.n)
		return rest;
	if (comma > 0 && comma + 1 < rest.n &&
	    span_trim(span_skip(rest, comma + 1)).n > 0)
		rest = all = span_trim(span_skip(rest, comma + 1));
	while (span_word(&rest, &word))
		if (!is_title(word))
			return word;
	return all;
}

static void
common_values(struct app *app, const struct language *l, struct value *v)
{
	const struct conf *c = &app->conf;

	value_set_text(
	    &app->item, v, "programme", conf_text(&c->name, l->locale));
	value_set_text(&app->item, v, "lead",
	    c->lead_name.n ? c->lead_name : c->lead_address);
	value_set_text(&app->item, v, "lead-address", c->lead_address);
	value_set_text(
	    &app->item, v, "contact", c->contact.n ? c->contact : c->lead_name);
	value_set_text(&app->item, v, "address", c->address);
	value_set_text(&app->item, v, "locale", l->locale);
	value_set_bool(&app->item, v, "formal", c->formality == CONF_FORMAL);
	value_set_text(
	    &app->item, v, "mentor", words_get(&l->words, "role-mentor"));
	value_set_text(
	    &app->item, v, "mentee", words_get(&l->words, "role-mentee"));
	value_set_text(
	    &app->item, v, "mentors", words_get(&l->words, "role-mentors"));
	value_set_text(
	    &app->item, v, "mentees", words_get(&l->words, "role-mentees"));
	value_set_int(&app->item, v, "sessions", c->sessions);
	value_set_text(&app->item, v, "sessions-count",
	    words_count(&app->item, &l->words, "count-sessions", c->sessions));
	value_set_int(&app->item, v, "minutes", c->minutes);
	value_set_int(&app->item, v, "group-min", c->group_min);
}

void
partner_values(struct app *app, struct value *v, struct span name)
{
	value_set_text(&app->item, v, "partner", name);
	value_set_text(&app->item, v, "partner-first", first_name(name));
}

struct value *
letter_values(struct app *app, const struct person *to)
{
	struct span locale = to ? to->locale : app->conf.locale;
	const struct language *l = app_language(app, locale);
	struct value *v = value_object(&app->item);

	common_values(app, l, v);
	if (to != NULL) {
		struct span name = to->name.n ? to->name : to->address;

		value_set_text(&app->item, v, "name", name);
		value_set_text(&app->item, v, "first-name", first_name(name));
		value_set_bool(&app->item, v, "is-mentor", to->mentor);
		value_set_bool(&app->item, v, "is-mentee", to->mentee);
	}
	if (app->programme.next_match_unix > app->world.now_unix)
		value_set_text(&app->item, v, "match-date",
		    words_date(&app->item, &l->words, person_zone(app, to),
			app->programme.next_match_unix));
	return v;
}

/* --- rendering ----------------------------------------------------------- */

#define LOGO_ID "logo@rmail"

struct footer {
	const struct words *words;
	const char *key;
};

/* Why it came and how to stop, below every mail. */
static struct span
footer_partial(void *cookie, struct span name)
{
	const struct footer *f = cookie;

	if (!span_is(name, "footer"))
		return SPAN("");
	return words_get(f->words, f->key);
}

static const char *
footer_key(const struct app *app, const struct letter_ask *ask)
{
	const struct value *assistant =
	    value_find(ask->values, SPAN("for-assistant"));

	if (assistant != NULL)
		return "footer-assistant";
	if (ask->to != NULL)
		switch (ask->to->state) {
		case PERSON_KNOWN:
		case PERSON_INVITED:
		case PERSON_APPLIED:
			return "footer-invited";
		case PERSON_DECLINED:
		case PERSON_LEFT:
		case PERSON_ERASED:
			return "footer-once";
		default:
			return "footer-person";
		}
	if (span_is(span_of(ask->template), "report"))
		return "footer-report";
	return span_eq(ask->to_address, app->conf.lead_address) ? "footer-lead"
								: "footer-once";
}

struct span
thread_address(struct app *app, const struct thread *t)
{
	return app->conf.subaddress
		   ? address_with_tag(
			 &app->item, app->conf.address, thread_token(app, t))
		   : app->conf.address;
}

/*
 * A tap opens a new mail, which has no References.  The code in its Subject
 * does for people; a command of the lead needs the whole token.
 */
static struct taps
taps_of(struct app *app, const struct letter_ask *ask)
{
	struct span token;

	if (ask->thread == NULL)
		return (struct taps){SPAN(""), SPAN("")};
	if (ask->to != NULL || app->conf.subaddress)
		return (struct taps){thread_address(app, ask->thread),
		    thread_code(&app->item, ask->thread)};
	token = thread_token(app, ask->thread);
	return (struct taps){app->conf.address,
	    arena_spanf(&app->item, "RM-%.*s", (int)token.n, token.p)};
}

static int
render(struct app *app, const struct letter_ask *ask, const struct language *l,
    struct rendered *out, struct err *err)
{
	struct template t;
	struct span file, text;
	struct footer footer = {&l->words, footer_key(app, ask)};
	struct look look = {.accent = app->conf.accent,
	    .logo = app->logo.n > 0 ? SPAN("cid:" LOGO_ID) : SPAN(""),
	    .locale = l->locale,
	    .taps = taps_of(app, ask),
	    .partials = footer_partial,
	    .cookie = &footer};
	char *name = arena_printf(&app->item, "%s.md", ask->template);

	if (app_template(app, l->locale, name, &file, &text, err) < 0 ||
	    template_parse(&app->item, file, text, &t, err) < 0)
		return -1;
	if (app_layout(app, &look.layout, err) < 0)
		return -1;
	return template_render(&app->item, &t, ask->values, &look, out, err);
}

/* --- when ---------------------------------------------------------------- */

/*
 * The next moment to write to this person.  Working hours in their own zone,
 * never at the weekend, never while they told us they are away: the first
 * mail that wakes an executive is the last one they read.
 */
static int64_t
good_moment(struct app *app, const struct person *to, int64_t from_unix)
{
	const struct zone *zone = person_zone(app, to);
	const struct conf *c = &app->conf;
	int64_t t = from_unix;

	if (to != NULL && to->away_until_unix > t)
		t = to->away_until_unix;
	for (int day = 0; day < 14; day++) {
		struct civil now = zone_civil(zone, t);
		int64_t start = zone_day_start(zone, t);
		int weekday =
		    civil_weekday(civil_days(now.year, now.month, now.day));

		if (weekday <= 5 && now.hour < c->send_from_hour)
			return start + c->send_from_hour * HOUR;
		if (weekday <= 5 && now.hour < c->send_to_hour)
			return t;
		t = zone_day_start(zone, start + 26 * HOUR);
	}
	return t;
}

/* --- one mail ------------------------------------------------------------ */

struct draft {
	struct letter letter;
	int64_t id;
	struct span sender, recipient;
};

static void
field(struct app *app, struct letter *l, const char *name, struct span value)
{
	vec_room(&app->item, &l->fields, l->fields_n, sizeof(*l->fields));
	l->fields[l->fields_n++] = (struct letter_field){name, value};
}

/* "<mentoring.rmail.example.com>": RFC 2919, one for each programme. */
static struct span
list_id(struct app *app)
{
	struct span address = app->conf.address;
	struct span domain = address_domain(address);
	struct str s;

	str_init(&s, &app->item, LIMIT_ADDRESS_BYTES + 16);
	str_addc(&s, '<');
	for (size_t i = 0; i + domain.n + 1 < address.n; i++)
		str_addc(&s, ascii_alnum(address.p[i]) ? address.p[i] : '-');
	str_addf(&s, ".rmail.%.*s>", (int)domain.n, domain.p);
	return str_span(&s);
}

static void
own_fields(struct app *app, const struct letter_ask *ask, struct letter *l)
{
	field(app, l, "Auto-Submitted",
	    ask->answer ? SPAN("auto-replied") : SPAN("auto-generated"));
	field(app, l, "X-Auto-Response-Suppress", SPAN("OOF, AutoReply"));
	field(app, l, "List-Id", list_id(app));
	field(app, l, "List-Unsubscribe",
	    arena_spanf(&app->item, "<mailto:%.*s?subject=leave%s%.*s%s>",
		(int)app->conf.address.n, app->conf.address.p,
		ask->thread ? "%20[" : "",
		ask->thread ? (int)thread_code(&app->item, ask->thread).n : 0,
		ask->thread ? thread_code(&app->item, ask->thread).p : "",
		ask->thread ? "]" : ""));
}

/* With a name of 300 letters in it the rest would never be read. */
static struct span
short_subject(struct app *app, struct span s)
{
	size_t end = 0, used = 0, n;
	uint32_t code;

	while ((n = utf8_next(span_skip(s, end), &code)) > 0) {
		used += (size_t)utf8_width(code);
		if (used > SUBJECT_COLUMNS)
			return arena_spanf(&app->item, "%.*s…", (int)end, s.p);
		end += n;
	}
	return s;
}

static void
threading(struct app *app, const struct letter_ask *ask, struct span subject,
    struct letter *l)
{
	struct thread *t = ask->thread;
	struct span code;
	bool anew;

	subject = short_subject(app, subject);
	/* A template says "Re:" to go on under the subject there is. */
	if (span_caseis(subject, "Re:") && (t == NULL || t->root.n == 0))
		subject = app->conf.name.text;
	l->in_reply_to = ask->in_reply_to;
	if (t == NULL) {
		l->subject = subject;
		return;
	}
	code = thread_code(&app->item, t);
	/* What is said unasked has a subject of its own; an answer has not. */
	anew = t->root.n == 0 || !(ask->answer || span_caseis(subject, "Re:"));
	if (anew)
		t->subject = arena_spanf(&app->item, "%.*s [%.*s]",
		    (int)subject.n, subject.p, (int)code.n, code.p);
	l->subject = anew ? t->subject
			  : arena_spanf(&app->item, "Re: %.*s",
				(int)t->subject.n, t->subject.p);
	if (t->root.n > 0) {
		l->references_n = span_eq(t->root, t->last) ? 1 : 2;
		l->references =
		    arena_alloc(&app->item, 2 * sizeof(*l->references));
		l->references[0] = t->root;
		l->references[1] = t->last;
		if (l->in_reply_to.n == 0)
			l->in_reply_to = t->last;
	}
	if (app->conf.subaddress)
		l->reply_to = thread_address(app, t);
}

static void
message_id(struct app *app, const struct letter_ask *ask, struct draft *d)
{
	struct span domain = address_domain(app->conf.address);
	struct span token =
	    ask->thread ? thread_token(app, ask->thread) : SPAN("mail");

	d->letter.message_id = arena_spanf(&app->item, "rm.%.*s.%lld@%.*s",
	    (int)token.n, token.p, (long long)d->id, (int)domain.n, domain.p);
}

static void
addresses(struct app *app, const struct letter_ask *ask, struct draft *d)
{
	struct letter *l = &d->letter;

	l->from_name =
	    app->conf.from_name.n ? app->conf.from_name : app->conf.name.text;
	l->from_address = app->conf.address;
	l->to_name = ask->to_address.n ? ask->to_name : ask->to->name;
	l->to_address = ask->to_address.n ? ask->to_address : ask->to->address;
	d->recipient = l->to_address;
	d->sender = app->conf.address;
	if (app->conf.subaddress && ask->thread != NULL)
		d->sender = thread_address(app, ask->thread);
}

static int
invite_part(struct app *app, const struct letter_ask *ask, struct letter *l,
    struct err *err)
{
	struct zone *zone;

	if (ask->invite == NULL)
		return 0;
	zone = arena_alloc(&app->item, sizeof(*zone));
	if (zone_load(&app->item, ask->invite->zone, zone, err) < 0 ||
	    cal_write_invite(&app->item, ask->invite, zone, &l->ics, err) < 0)
		return -1;
	l->ics_method =
	    ask->invite->method == INVITE_CANCEL ? "CANCEL" : "REQUEST";
	return 0;
}

static int
store_mail(struct app *app, const struct letter_ask *ask, struct draft *d,
    struct span bytes, struct err *err)
{
	struct thread *t = ask->thread;
	struct span packed;
	int64_t when =
	    ask->not_before_unix ? ask->not_before_unix : app->world.now_unix;

	if (store_pack(app->store, &app->item, bytes, &packed, err) < 0)
		return -1;
	if (!ask->at_once)
		when = good_moment(app, ask->to, when);
	if (store_do(app->store, OUTBOX_INSERT, err, "iitttttiiiiii", d->id,
		ask->to ? ask->to->id : (int64_t)0, d->sender, d->recipient,
		span_of(ask->template), d->letter.subject, d->letter.message_id,
		t ? t->id : (int64_t)0, app->inbox_id, ask->session_id,
		app->world.now_unix, when, (int64_t)bytes.n) < 0 ||
	    store_do(app->store, MAIL_OUT_INSERT, err, "ib", d->id, packed) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (t->root.n == 0)
		t->root = d->letter.message_id;
	t->last = d->letter.message_id;
	return store_do(app->store, THREAD_SAVE, err, "ittti", t->id,
	    t->subject, t->root, t->last, t->expires_unix);
}

static struct letter_file *
files_with_logo(struct app *app, const struct letter_ask *ask, uint32_t *n)
{
	struct letter_file *files;

	*n = ask->files_n;
	if (app->logo.n == 0)
		return ask->files;
	files = arena_alloc(&app->item, (*n + 1) * sizeof(*files));
	for (uint32_t i = 0; i < *n; i++)
		files[i] = ask->files[i];
	files[(*n)++] = (struct letter_file){.type = app->logo_type,
	    .name = SPAN("logo"),
	    .content_id = SPAN(LOGO_ID),
	    .bytes = app->logo};
	return files;
}

int
letter_send(struct app *app, const struct letter_ask *ask, struct span *text,
    struct err *err)
{
	const struct language *l =
	    app_language(app, ask->to ? ask->to->locale : ask->locale);
	struct letter_ask a = *ask;
	struct draft d = {0};
	struct rendered r;
	struct span bytes;
	uint8_t mac[WORLD_MAC_BYTES];

	if (a.values == NULL)
		a.values = letter_values(app, a.to);
	if (a.thread != NULL)
		value_set_text(&app->item, a.values, "code",
		    thread_code(&app->item, a.thread));
	if (render(app, &a, l, &r, err) < 0 ||
	    store_int(app->store, OUTBOX_NEXT_ID, &d.id, err, "") < 0)
		return -1;
	addresses(app, &a, &d);
	threading(app, &a, r.subject, &d.letter);
	message_id(app, &a, &d);
	own_fields(app, &a, &d.letter);
	d.letter.date_unix = app->world.now_unix;
	d.letter.text = r.text;
	d.letter.html = r.html;
	d.letter.files = files_with_logo(app, &a, &d.letter.files_n);
	world_mac(&app->world, "boundary", d.letter.message_id, mac);
	d.letter.boundary_seed = (struct span){(const char *)mac, sizeof(mac)};
	if (invite_part(app, &a, &d.letter, err) < 0 ||
	    compose(&app->item, &d.letter, &bytes, err) < 0 ||
	    store_mail(app, &a, &d, bytes, err) < 0)
		return err_in(err, "mail %s", ask->template);
	if (text != NULL)
		*text = r.text;
	return 0;
}

struct letter_ask
letter_to_lead(const struct app *app, const char *template,
    struct thread *thread, struct value *values)
{
	return (struct letter_ask){.template = template,
	    .thread = thread,
	    .to_name = app->conf.lead_name,
	    .to_address = app->conf.lead_address,
	    .locale = app->conf.locale,
	    .values = values,
	    .at_once = true};
}

int
letter_lead(struct app *app, const char *template, struct thread *thread,
    struct value *values, struct err *err)
{
	struct letter_ask ask = letter_to_lead(app, template, thread, values);

	return letter_send(app, &ask, NULL, err);
}
