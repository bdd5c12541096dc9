// Judges the HTML parts of a folder.  usage: node looks.mjs FOLDER
// The same words in another mail say nothing new about looks: of each
// template and locale those with a markup of their own are judged.
import fs from 'node:fs';
import { caniemail } from 'caniemail';
import { auditEmail } from '@emailens/engine';

const clients = ['outlook.windows', 'outlook.macos', 'outlook.ios',
	'outlook.android', 'gmail.*', 'apple-mail.*', 'thunderbird.*',
	'samsung-email.*'];
// Said of outlook.macos for each mail there is: every mail has a body.
const allowed = new Set(['<body> element']);
const folder = process.argv[2];
const seen = new Set(), unsupported = new Map(), low = new Map();
const unfit = new Map();
let mails = 0, judged = 0, largest = 0, largestOf = '', clipped = 0;
let access = 100;

function markup(html) {
	return html.replace(/>[^<]*</g, '><').replace(/href="[^"]*"/g, 'href')
		.replace(/alt="[^"]*"/g, 'alt');
}

for (const file of fs.readdirSync(folder).sort()) {
	const html = fs.readFileSync(`${folder}/${file}`, 'utf8');
	const [, template, locale] = file.split('.');
	const key = `${template} ${locale} ${markup(html)}`;
	mails++;
	if (Buffer.byteLength(html) > largest) {
		largest = Buffer.byteLength(html);
		largestOf = `${template} ${locale}`;
	}
	if (seen.has(key))
		continue;
	seen.add(key);
	judged++;
	const { issues } = caniemail({ clients, html });
	for (const [client, list] of issues.errors)
		for (const issue of list)
			if (!allowed.has(issue.title))
				unsupported.set(`${issue.title} in ${client}`,
					template);
	const audit = auditEmail(html, {});
	clipped += audit.size.clipped ? 1 : 0;
	for (const [client, { score }] of
		Object.entries(audit.compatibility.scores))
		if (score < 100)
			low.set(client, `${score} (${template})`);
	access = Math.min(access, audit.accessibility.score);
	for (const issue of audit.accessibility.issues || [])
		unfit.set(issue.rule || issue.message, template);
}
function tell(what, value, goal, list) {
	console.log(`  ${what.padEnd(26)}${value}   (goal ${goal})`);
	for (const [name, template] of list)
		console.log(`    ${name}: ${template}`);
}
console.log(`${mails} mails, ${judged} of a markup of their own`);
tell('unsupported by a client', unsupported.size, 0, unsupported);
tell('client scores below 100', low.size, 0, low);
tell('clipped by Gmail', clipped, 0, []);
tell('least accessibility', access, 100, unfit);
tell('largest HTML part, KB', (largest / 1024).toFixed(1), '60',
	[['it is', largestOf]]);
process.exit(unsupported.size + low.size + clipped > 0 ? 1 : 0);
