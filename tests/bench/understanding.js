// A peer on node, all mails in one process: mailparser, then crisp's
// email-reply-parser.  usage: node understanding.js MODULES_DIR FILE...
// Prints microseconds of processor time for each mail: parsing, reply.
'use strict';
const fs = require('fs');
const path = require('path');
const dir = path.resolve(process.argv[2], 'node_modules');
const {simpleParser} = require(path.join(dir, 'mailparser'));
const Reply = require(path.join(dir, 'email-reply-parser')).default;
const mails = process.argv.slice(3).map(f => fs.readFileSync(f));

function now() {
	const u = process.cpuUsage();
	return u.user + u.system;
}

async function round() {
	const texts = [];
	const a = now();
	for (const raw of mails)
		texts.push((await simpleParser(raw)).text || '');
	const b = now();
	for (const text of texts)
		new Reply().read(text).getVisibleText();
	return [b - a, now() - b];
}

async function all() {
	let best = null;
	for (let i = 0; i < 5; i++) { // the first rounds warm the compiler
		const t = await round();
		if (best === null || t[0] + t[1] < best[0] + best[1])
			best = t;
	}
	console.log((best[0] / mails.length).toFixed(1), (best[1] / mails.length).toFixed(1));
}

all();
