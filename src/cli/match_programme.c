/*
 * rmail match on a programme: a proposal for the lead, the same without
 * keeping it, explanations, and a stored proof checked again.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/match_int.h"

static bool
is_programme(struct task *t, const char *path)
{
	return file_exists(file_join(&t->arena, path, "rmail.conf")) ||
	       (file_exists(path) && !file_is_dir(path));
}

/* "--explain A FOLDER", "--explain A B", "--explain A B FOLDER" */
static void
words_of(struct task *t, int argc, char **argv, const char **second,
    const char **folder)
{
	*second = NULL;
	*folder = ".";
	if (t->o.explain == NULL || (argc == 1 && is_programme(t, argv[0]))) {
		*folder = argc > 0 ? argv[0] : ".";
	} else if (argc > 0) {
		*second = argv[0];
		*folder = argc > 1 ? argv[1] : ".";
	}
}

static int
verify(struct task *t, struct err *err)
{
	struct arena *a = &t->arena;
	struct match_proof proof;
	int rc = round_verify(t->app, t->o.verify, &proof, err);

	if (rc < 0)
		return err->kind == ERR_ITEM
			   ? err_exit(err, ERR_ITEM, CLI_DATA, "match: %s",
				 arena_strdup(a, span_of(err->text)))
			   : -1;
	if (rc == 0)
		return cli_say(CLI_USAGE,
		    "match: no proof is kept of proposal %lld: there was none, "
		    "or somebody in it has been erased",
		    (long long)t->o.verify);
	if (t->o.json) {
		struct value *v = value_object(a), *o = value_object(a);

		value_set_int(a, v, "round", t->o.verify);
		value_set_bool(a, o, "ok", proof.ok);
		value_set_int(a, o, "pairs_checked", proof.pairs_checked);
		value_set_int(a, o, "cover", proof.cover);
		if (!proof.ok)
			value_set_text(a, o, "why", proof.why);
		value_set(a, v, "proof", o);
		show_json(a, v);
	} else if (proof.ok) {
		printf("Proposal %lld is proven again: no better one was "
		       "possible; all %lld possible pairs were looked at.\n",
		    (long long)t->o.verify, (long long)proof.pairs_checked);
	}
	return proof.ok
		   ? CLI_OK
		   : cli_say(CLI_DATA,
			 "match: the proof of proposal %lld fails: %.*s",
			 (long long)t->o.verify, (int)proof.why.n, proof.why.p);
}

/* The words of a language of the programme. */
static int
take_words(struct task *t, struct err *err)
{
	struct span wanted =
	    t->o.locale != NULL ? span_of(t->o.locale) : t->app->conf.locale;
	const struct language *l = app_language(t->app, wanted);

	if (t->o.locale != NULL && !span_eq(l->locale, wanted))
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "match: there is no language %s", t->o.locale);
	t->words = l->words;
	return 0;
}

/* In a transaction: a look at the problem may note late exclusions. */
static int
propose(struct task *t, const char *second, struct err *err)
{
	bool look = t->o.dry || t->o.explain != NULL || t->o.dimacs != NULL;
	bool repair;
	int rc;

	if (take_words(t, err) < 0 ||
	    round_is_repair(t->app, &repair, err) < 0 ||
	    round_problem(t->app, &t->arena, repair, &t->p, err) < 0)
		return -1;
	match_choices(t);
	if (match_tell(t, second, err) < 0)
		return -1;
	if (look)
		return CLI_OK;
	rc = round_propose(t->app, repair, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return cli_say(CLI_OK, "match: nobody waits for a partner");
	if (!t->o.json)
		puts("The lead gets this proposal with the next run.");
	return CLI_OK;
}

static int
with_database(struct task *t, const char *second, struct err *err)
{
	int rc;

	if (t->o.verify >= 0)
		return verify(t, err);
	if (store_begin(t->app->store, err) < 0)
		return -1;
	rc = propose(t, second, err);
	if (rc < 0 || t->app->dry) {
		store_rollback(t->app->store);
		return rc;
	}
	return store_commit(t->app->store, err) < 0 ? -1 : rc;
}

int
match_programme(struct task *t, int argc, char **argv, struct err *err)
{
	bool look = t->o.dry || t->o.explain != NULL || t->o.dimacs != NULL ||
		    t->o.verify >= 0;
	const char *second, *folder;
	struct app app;
	int rc;

	if (!look && (t->steps_n > 0 || t->o.good_enough >= 0))
		return cli_say(CLI_USAGE,
		    "match: the settings choose the steps of a proposal; to "
		    "try others, add --dry-run");
	words_of(t, argc, argv, &second, &folder);
	if ((!look && cli_lock(folder, err) < 0) ||
	    app_open(&app, folder, t->o.now_unix, err) < 0)
		return -1;
	app.dry = look;
	t->app = &app;
	rc = with_database(t, second, err);
	app_close(&app);
	return rc;
}
