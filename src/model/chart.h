/*
 * Charts and documents as data: made by report/, drawn by draw/ (PNG, SVG,
 * PDF) and by report/ itself (text and HTML tables).
 */
#ifndef MODEL_CHART_H
#define MODEL_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum chart_kind {
	CHART_FUNNEL, /* one series; each bar a part of the one above */
	CHART_BARS,   /* groups of bars, a series each */
	CHART_LINES,
	CHART_HEAT,   /* rows (series) x columns (labels), 0..1000 each */
	CHART_AIMS,   /* first series: where it is; second: where it should be */
};

struct chart_series {
	struct span name;
	const int64_t *values; /* chart.n each; CHART_NONE = no figure */
};

#define CHART_NONE INT64_MIN

struct chart {
	enum chart_kind kind;
	struct span title;
	struct span *labels;
	uint32_t n;
	struct chart_series *series;
	uint32_t series_n;
	int decimals; /* values are in tenths (1), hundredths (2), ... */
	int64_t top;  /* of the axis; 0 = from the values */
	struct span unit; /* "%", "" */
	struct span *said; /* AIMS: each first value in words; NULL = as it is */
	struct span none_text; /* shown where a value is withheld */
	struct span point; /* decimal point, one byte; "" = "." */
};

enum block_kind {
	BLOCK_HEADING,
	BLOCK_TEXT,
	BLOCK_TABLE,
	BLOCK_CHART,
	BLOCK_TILES /* a table of one row: what to see first, large */
};

struct table {
	struct span *head; /* columns */
	struct span *cells; /* rows * columns */
	bool *right;        /* a column of numbers */
	uint32_t columns, rows;
};

struct block {
	enum block_kind kind;
	int level; /* HEADING: 1, 2 */
	struct span text;
	struct table table;
	struct chart chart;
};

/* What a report is made of, before it is text, HTML or PDF. */
struct document {
	struct span title, subtitle, footer, locale;
	struct span page_word, of_word; /* "Page", "of" */
	struct block *blocks;
	uint32_t blocks_n;
};

#endif
