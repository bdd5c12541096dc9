/* Any bytes: read or refused with a place; what was read reads again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct value *v, *again;
	struct err err = {0};
	struct str first, second;

	if (n > 65536)
		return 0;
	arena_reset(&arena);
	if (json_parse(&arena, (struct span){(const char *)data, n}, &v, &err) <
	    0) {
		if (err.kind != ERR_ITEM || err.text[0] == '\0')
			abort();
		return 0;
	}
	str_init(&first, &arena, 1 << 22);
	value_write_json(v, &first);
	if (json_parse(&arena, str_span(&first), &again, &err) < 0)
		abort();
	str_init(&second, &arena, 1 << 22);
	value_write_json(again, &second);
	if (!span_eq(str_span(&first), str_span(&second)))
		abort();
	return 0;
}
