/*
 * Which of a mail's parts are its text.  Of an alternative each kind counts
 * once; texts that follow one another are joined.  HTML without a plain twin
 * beside plain text (a list's footer below an HTML mail) would be lost to who
 * reads the plain text alone: then the HTML's text holds all, in order, and
 * there is no plain one.
 */
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "mime/mime_int.h"

static bool
has_letters(struct span s)
{
	return span_trim(s).n > 0;
}

/* Has this alternative given a piece of that kind? */
static bool
has_twin(const struct body *b, uint32_t alternative, bool html)
{
	for (uint32_t i = 0; alternative > 0 && i < b->n; i++)
		if (b->pieces[i].alternative == alternative &&
		    b->pieces[i].html == html && has_letters(b->pieces[i].text))
			return true;
	return false;
}

static void
add_piece(struct body *b, const struct part *p, bool html, struct span text)
{
	struct body_piece piece = {
	    .text = text, .html = html, .alternative = p->alternative};

	if (vec_room(b->arena, &b->pieces, b->n, sizeof(piece)))
		b->pieces[b->n++] = piece;
}

void
body_add(struct body *b, const struct part *p, bool *flowed)
{
	bool html = part_is(p, "text/html");
	struct span text;

	if (p->is_choice && has_twin(b, p->alternative, html))
		return;
	text = part_text(b->arena, p, flowed);
	add_piece(b, p, html, html ? html_text(b->arena, text) : text);
}

bool
body_is_empty(const struct body *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (has_letters(b->pieces[i].text))
			return false;
	return true;
}

static void
join(struct str *out, struct span text)
{
	if (out->n > 0 && text.n > 0 && out->p[out->n - 1] != '\n')
		str_addc(out, '\n');
	str_add(out, text);
}

/* Is there plain text, and HTML that has no twin in it? */
static bool
is_mixed(const struct body *b)
{
	bool plain = false, alone = false;

	for (uint32_t i = 0; i < b->n; i++) {
		const struct body_piece *p = &b->pieces[i];

		if (!has_letters(p->text))
			continue;
		plain |= !p->html;
		alone |= p->html && !has_twin(b, p->alternative, false);
	}
	return plain && alone;
}

void
body_finish(struct body *b, struct span *text, struct span *html)
{
	struct str plain, marked;
	bool mixed = is_mixed(b);

	str_init(&plain, b->arena, LIMIT_TEXT_BYTES);
	str_init(&marked, b->arena, LIMIT_TEXT_BYTES);
	for (uint32_t i = 0; i < b->n; i++) {
		const struct body_piece *p = &b->pieces[i];

		if (p->html || (mixed && !has_twin(b, p->alternative, true)))
			join(&marked, p->text);
		else if (!mixed)
			join(&plain, p->text);
	}
	*text = utf8_head(str_span(&plain), LIMIT_TEXT_BYTES - 4);
	*html = utf8_head(str_span(&marked), LIMIT_TEXT_BYTES - 4);
}
