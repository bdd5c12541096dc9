/* Any bytes: items with places inside the file, or an error with one. */
#include <stdint.h>
#include <stdlib.h>

#include "base/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct span text = {(const char *)data, n};
	struct ini ini;
	struct err err = {0};
	int lines = 1;

	if (n > 65536)
		return 0;
	arena_reset(&arena);
	for (size_t i = 0; i < n; i++)
		lines += text.p[i] == '\n' || text.p[i] == '\r';
	if (ini_parse(&arena, SPAN("f"), text, &ini, &err) < 0) {
		if (err.text[0] == '\0')
			abort();
		return 0;
	}
	for (size_t i = 0; i < ini.n; i++) {
		const struct ini_item *it = &ini.items[i];

		if (it->line < 1 || it->line > lines || it->column < 1 ||
		    it->key.n == 0)
			abort();
		if (i > 0 && it->line <= ini.items[i - 1].line)
			abort();
	}
	return 0;
}
