/*
 * OAuth2 token endpoints: one form out, one small JSON object back.  What
 * went in is never part of an error, even when the endpoint sends it back.
 */
#include <string.h>
#include <sysexits.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "web/web_int.h"

enum {
	ANSWER_MAX = 64 * 1024,
	TOKEN_MAX = 16 * 1024, /* Microsoft's have 2 to 4 KB */
	LIFE_STANDARD = 3600,  /* when the endpoint does not say */
	LIFE_MAX = 24 * 3600,
	WORDS_MAX = 200,
};

static void
add_field(struct str *form, const char *name, struct span value)
{
	static const char hex[] = "0123456789ABCDEF";

	if (value.n == 0)
		return;
	if (form->n > 0)
		str_addc(form, '&');
	str_addz(form, name);
	str_addc(form, '=');
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (ascii_alnum((char)c) || c == '-' || c == '.' || c == '_' ||
		    c == '~') {
			str_addc(form, (char)c);
			continue;
		}
		str_addc(form, '%');
		str_addc(form, hex[c >> 4]);
		str_addc(form, hex[c & 15]);
	}
}

static struct span
text_of(const struct value *object, const char *name)
{
	const struct value *v = value_find(object, span_of(name));

	return v != NULL && v->kind == VALUE_TEXT ? v->text : SPAN("");
}

/* RFC 6749 appendix A: visible ASCII, which is also safe in SASL. */
static bool
is_token(struct span s)
{
	if (s.n == 0 || s.n > TOKEN_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

static int64_t
life_of(const struct value *object)
{
	const struct value *v = value_find(object, SPAN("expires_in"));
	int64_t n;

	if (v != NULL && v->kind == VALUE_INT)
		n = v->number;
	else if (v == NULL || v->kind != VALUE_TEXT ||
		 !num_int(v->text, 0, INT64_MAX, &n))
		return LIFE_STANDARD;
	return n < 0 ? 0 : n > LIFE_MAX ? LIFE_MAX : n;
}

static bool
tells(struct span words, struct span secret)
{
	return secret.n > 0 && span_find(words, secret) < words.n;
}

/* What the endpoint says about a refusal, if it may be shown. */
static struct span
words_of(struct arena *arena, const struct web_token_ask *ask,
    const struct value *object)
{
	struct span error = text_of(object, "error");
	struct span more = text_of(object, "error_description"), line;
	struct span words;

	if (!span_line(&more, &line))
		line = SPAN("");
	words = arena_spanf(arena, "%.*s%s%.*s", (int)error.n, error.p,
	    error.n > 0 && line.n > 0 ? ": " : "", (int)line.n, line.p);
	if (tells(words, ask->secret) || tells(words, ask->refresh))
		return SPAN("(its words held a secret)");
	return utf8_head(utf8_line(arena, words), WORDS_MAX);
}

static int
judge(struct arena *arena, const struct web_token_ask *ask,
    const struct response *got, struct value **object, struct err *err)
{
	struct span host = web_host(arena, ask->url), words;
	struct err none = {0};
	bool is_object = got->body.n <= ANSWER_MAX &&
			 json_parse(arena, got->body, object, &none) == 0 &&
			 (*object)->kind == VALUE_OBJECT;

	if (got->status == 200 && is_object)
		return 0;
	if (got->status == 429 || got->status >= 500)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%.*s: the token endpoint answered %d", (int)host.n, host.p,
		    got->status);
	if ((got->status == 400 || got->status == 401 || got->status == 403) &&
	    (is_object || got->status != 400)) {
		words = is_object ? words_of(arena, ask, *object) : SPAN("");
		return err_exit(err, ERR_STOP, EX_NOPERM,
		    "%.*s: the token endpoint refused us (%d): %.*s",
		    (int)host.n, host.p, got->status, (int)words.n, words.p);
	}
	return err_exit(err, ERR_LATER, EX_PROTOCOL,
	    "%.*s: this is no answer of a token endpoint (%d); see url in "
	    "[oauth2]",
	    (int)host.n, host.p, got->status);
}

int
web_token(struct web *w, struct arena *arena, const struct web_token_ask *ask,
    int64_t now_unix, struct web_token *out, struct err *err)
{
	struct request request = {.method = "POST",
	    .url = ask->url,
	    .type = SPAN("application/x-www-form-urlencoded"),
	    .secret = true,
	    .private = true};
	struct response got;
	struct value *object = NULL;
	struct span access, type, refresh;
	struct str form;

	str_init(&form, arena, ANSWER_MAX);
	add_field(&form, "grant_type",
	    ask->refresh.n > 0 ? SPAN("refresh_token")
			       : SPAN("client_credentials"));
	add_field(&form, "client_id", ask->client);
	add_field(&form, "client_secret", ask->secret);
	add_field(&form, "refresh_token", ask->refresh);
	add_field(&form, "scope", ask->scope);
	if (form.cut)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "the settings in [oauth2] are too long");
	request.body = str_span(&form);
	if (web_ask(w, arena, &request, &got, err) < 0 ||
	    judge(arena, ask, &got, &object, err) < 0)
		return -1;
	access = text_of(object, "access_token");
	type = text_of(object, "token_type");
	refresh = text_of(object, "refresh_token");
	if (!is_token(access) || (type.n > 0 && !span_caseis(type, "Bearer")))
		return err_exit(err, ERR_LATER, EX_PROTOCOL,
		    "the token endpoint sent no bearer token");
	*out = (struct web_token){.access = access,
	    .fresh_until_unix =
		now_unix + life_of(object) - WEB_TOKEN_SKEW_SECONDS,
	    .refresh = is_token(refresh) && !span_eq(refresh, ask->refresh)
			   ? refresh
			   : SPAN("")};
	return 0;
}
