/* The table that contrib/embed.sh writes. */
#include "base/embed.h"

struct embed_file {
	const char *name;
	const char *bytes;
	size_t n;
};

extern const struct embed_file embed_files[];

bool
embed_find(const char *name, struct span *bytes)
{
	for (const struct embed_file *f = embed_files; f->name != NULL; f++) {
		if (span_is(span_of(f->name), name)) {
			*bytes = (struct span){f->bytes, f->n};
			return true;
		}
	}
	return false;
}

bool
embed_next(size_t nth, struct span *name, struct span *bytes)
{
	for (size_t i = 0; embed_files[i].name != NULL; i++) {
		if (i == nth) {
			*name = span_of(embed_files[i].name);
			*bytes = (struct span){
			    embed_files[i].bytes, embed_files[i].n};
			return true;
		}
	}
	return false;
}
