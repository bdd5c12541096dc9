/* The words people use, in their language. */
#include "play/play_int.h"

enum {
	WAYS_MAX = 4
};

static const struct {
	const char *english[WAYS_MAX], *german[WAYS_MAX];
} ways[] = {
    [SAYS_YES] = {{"yes", "Yes!", "Yes, please.", "ok"},
	{"ja", "Ja!", "Ja, gerne.", "ok"}},
    [SAYS_NO] = {{"no", "No, thank you.", "no", "No"},
	{"nein", "Nein, danke.", "nein", "Nein"}},
    [SAYS_AGREE] = {{"agree", "I agree", "agreed", "yes"},
	{"einverstanden", "Einverstanden.", "einverstanden", "ja"}},
    [SAYS_LEAVE] = {{"leave", "leave", "leave", "leave"},
	{"austreten", "austreten", "austreten", "austreten"}},
    [SAYS_STUCK] = {{"stuck", "stuck", "stuck", "stuck"},
	{"stuck", "stuck", "stuck", "stuck"}},
    [SAYS_AWAY] = {{"Out of office", "Automatic reply", "Out of office",
		       "Automatic reply"},
	{"Abwesenheitsnotiz", "Automatische Antwort", "Abwesenheitsnotiz",
	    "Automatische Antwort"}},
    [SAYS_GOALS] = {{"understand what my team uses every day",
			"see how work looks from the other end",
			"get better at saying hard things upward",
			"learn two new tools well"},
	{"verstehen, was mein Team jeden Tag benutzt",
	    "sehen, wie Arbeit von der anderen Seite aussieht",
	    "Schwieriges besser nach oben sagen",
	    "zwei neue Werkzeuge gut beherrschen"}},
    [SAYS_ACTION] = {{"post once a week",
			 "try the shared notebook with the whole team",
			 "shadow the stand-up on Monday",
			 "write down three questions"},
	{"einmal in der Woche etwas schreiben",
	    "das gemeinsame Notizbuch mit dem Team ausprobieren",
	    "am Montag bei der Morgenrunde zusehen",
	    "drei Fragen aufschreiben"}},
    [SAYS_LEARNED] = {{"how the younger generation sees our channels",
			  "that a short video on social media says more than "
			  "ten slides",
			  "to listen openly before I answer",
			  "which digital tools save us a meeting"},
	{"wie die jüngere Generation unsere Kanäle sieht",
	    "dass ein kurzes Video in sozialen Medien mehr sagt als zehn "
	    "Folien",
	    "offen zu fragen, bevor ich antworte",
	    "welche digitalen Werkzeuge uns eine Besprechung sparen"}},
    [SAYS_IMPROVE] = {{"more time between the sessions",
			  "a room that is not next to the canteen",
			  "meet the other pairs once", "nothing, it works"},
	{"mehr Zeit zwischen den Treffen", "einen ruhigeren Raum",
	    "die anderen Paare einmal treffen", "nichts, es läuft"}},
    [SAYS_THANKS] = {{"Best regards", "Thanks", "Cheers", "Kind regards"},
	{"Viele Grüße", "Danke", "Beste Grüße", "Mit freundlichen Grüßen"}},
    [SAYS_PAUSE] = {{"pause until", "Pause until", "please pause until",
			"pause until"},
	{"Pause bis", "pause bis", "Bitte Pause bis", "Pause bis"}},
    [SAYS_MOVE] = {{"move to", "Move to", "move to", "move to"},
	{"verschieben auf", "Verschieben auf", "verschieben auf",
	    "verschieben auf"}},
    [SAYS_CHAT] = {{"Sounds great, looking forward to it all!",
		       "Oh, is it that time of the year again?",
		       "I talked to Kim about this in the corridor.",
		       "Can somebody call me about the parking places?"},
	{"Klingt gut, ich freue mich schon sehr darauf!",
	    "Ach, ist es schon wieder so weit?",
	    "Darüber habe ich mit Kim auf dem Flur gesprochen.",
	    "Kann mich jemand wegen der Parkplätze anrufen?"}},
    [SAYS_ADDRESS] = {{"my address is now", "My address is now",
			  "my address is now", "my address is now"},
	{"meine Adresse ist jetzt", "Meine Adresse ist jetzt",
	    "meine Adresse ist jetzt", "meine Adresse ist jetzt"}},
    [SAYS_BACK] = {{"I am out of the office until",
		       "I am on leave and will be back on", "I am away until",
		       "I am out of the office until"},
	{"Ich bin nicht im Büro bis", "Ich bin im Urlaub bis",
	    "Ich bin abwesend bis", "Ich bin nicht im Büro bis"}},
    [SAYS_HOURS] = {{"Mon-Fri 9-17", "Mon-Thu 9-12, Fri 13-17", "Tue-Thu 10-16",
			"any weekday after 1 pm"},
	{"Mo-Fr 9-17", "Mo-Do 9-12, Fr 13-17", "Di-Do 10-16",
	    "Mo-Fr nachmittags"}},
};

struct span
word_say(
    struct play *p, const struct actor *a, enum says says, int64_t occasion)
{
	int64_t way =
	    roll(p, a, "way", occasion * 100 + (int64_t)says, WAYS_MAX);

	return span_of(
	    a->german ? ways[says].german[way] : ways[says].english[way]);
}
