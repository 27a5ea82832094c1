// Drives the pages of several running platforms, one after the other, in one headless Chromium. Prints TAP lines.
// platform_pages.mjs PLAN.json: {chromium, profile, password, platforms: [{name, url, login, routes: [], evil: text}]}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let count = 0;
let failed = 0;

async function step(name, work) {
	try {
		await work();
		console.log(`ok ${++count} - ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${++count} - ${name}`);
		for (const line of String(error.stack ?? error).split('\n').slice(0, 12)) console.log(`#   ${line}`);
	}
}

function equal(found, wanted, what) {
	if (found !== wanted) throw new Error(`${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

const context = await chromium.launchPersistentContext(plan.profile, { executablePath: plan.chromium, args: flags, locale: 'ar', viewport: { width: 1200, height: 900 } });
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(20_000);
const complaints = [];
let dialogs = 0;
page.on('dialog', (d) => (dialogs++, d.dismiss()));
page.on('pageerror', (e) => complaints.push(String(e)));

async function audit(what) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
	if (violations.length > 0) throw new Error(`${what}: ${violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).join(', ')})`).join('; ')}`);
}

for (const p of plan.platforms) {
	await step(`${p.name}: sign in, right to left`, async () => {
		await page.goto(`${p.url}/sign-in`);
		await page.locator('#id-email').fill(p.login);
		await page.locator('#id-password').fill(plan.password);
		await page.locator('main button[type=submit]').click();
		await page.locator('.viewer').waitFor();
		equal(await page.locator('html').getAttribute('dir'), 'rtl', 'direction');
	});
	for (const route of p.routes) {
		await step(`${p.name}: ${route} opens, without a complaint of axe`, async () => {
			await page.goto(p.url + route);
			await page.locator('main h1').first().waitFor();
			await page.locator('main tbody tr, main form button[type=submit], main dl, main .empty').first().waitFor();
			await audit(route);
		});
	}
	await step(`${p.name}: markup in a text is shown as text`, async () => {
		await page.goto(p.url + p.evilRoute);
		await page.getByText('<img src=x', { exact: false }).first().waitFor();
		equal(await page.evaluate(() => globalThis.attacked), undefined, 'a script of the text ran');
		equal(dialogs, 0, 'dialogs');
	});
	await context.clearCookies();
}
await step('no page failed', async () => equal(complaints.join('\n'), '', 'errors'));
await context.close();
process.exit(failed ? 1 : 0);
