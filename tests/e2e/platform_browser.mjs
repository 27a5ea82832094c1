// Drives the pages of a running platform in headless Chromium. Prints TAP lines.
// platform_browser.mjs PLAN.json: {url, chromium, profile, steps: "shop"|"clinic", password, shots?}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let count = 0;
let failed = 0;
const foreign = new Set();
const complaints = [];

async function step(name, work) {
	try {
		await work();
		console.log(`ok ${++count} - ${plan.steps}: ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${++count} - ${plan.steps}: ${name}`);
		for (const line of String(error.stack ?? error).split('\n').slice(0, 12)) console.log(`#   ${line}`);
		if (plan.shots) await page.screenshot({ path: `${plan.shots}/${plan.steps}-${count}.png` }).catch(() => {});
	}
}

function equal(found, wanted, what) {
	if (found !== wanted) throw new Error(`${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

const context = await chromium.launchPersistentContext(plan.profile, {
	executablePath: plan.chromium, args: flags, locale: plan.steps === 'shop' ? 'en-GB' : 'ar', baseURL: plan.url, viewport: { width: 1200, height: 900 },
});
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(20_000);
page.on('request', (r) => {
	if (!r.url().startsWith(plan.url) && !r.url().startsWith('data:')) foreign.add(r.url());
});
page.on('console', (m) => {
	if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) complaints.push(m.text());
});
page.on('pageerror', (e) => complaints.push(String(e)));

async function audit(what) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
	if (violations.length > 0) throw new Error(`${what}: ${violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).join(', ')})`).join('; ')}`);
}

const heading = () => page.locator('h1').first().textContent();

async function signIn(login) {
	await page.goto('/sign-in');
	await page.locator('#id-email').fill(login);
	await page.locator('#id-password').fill(plan.password);
	await page.locator('main button[type=submit]').click();
	await page.locator('.viewer').waitFor();
}

async function shop() {
	await step('the list shows the seed, newest first', async () => {
		await page.goto('/');
		await page.locator('tbody tr').first().waitFor();
		equal(await page.locator('tbody tr').count(), 4, 'rows');
		equal(await page.locator('html').getAttribute('dir'), 'ltr', 'direction');
		await audit('list');
	});
	await step('search finds Arabic without its hamza', async () => {
		await page.locator('#filter-q').fill('الي الشمال');
		await page.locator('form.filters button[type=submit]').click();
		await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
		equal(await page.locator('tbody tr').count(), 1, 'rows');
		await page.locator('form.filters button.second').click();
		await page.locator('tbody tr').nth(3).waitFor();
	});
	await step('a guest is asked to sign in before the office', async () => {
		await page.goto('/admin');
		await page.locator('#id-password').waitFor();
		await audit('sign in');
	});
	await step('a wrong password is refused in words', async () => {
		await page.locator('#id-email').fill('admin@shop.example');
		await page.locator('#id-password').fill('not this one');
		await page.locator('main button[type=submit]').click();
		equal(await page.locator('.problem').textContent(), 'Name or password is wrong.', 'message');
	});
	await step('sign in as the manager', async () => {
		await signIn('admin@shop.example');
		await page.goto('/admin');
		await page.locator('.counts strong').first().waitFor();
		equal(await heading(), 'Office', 'heading');
		await page.locator('tbody tr').first().waitFor();
		await audit('dashboard');
	});
	await step('a form refuses what is missing and says where', async () => {
		await page.goto('/products/new');
		await page.locator('main form button[type=submit]').click();
		await page.locator('#op_product_create-title-error').waitFor();
		equal(await page.evaluate(() => document.activeElement.id), 'op_product_create-title', 'focus');
		await audit('form with errors');
	});
	await step('create a product', async () => {
		await page.locator('#op_product_create-title').fill('  ألف   ليلة وليلة ');
		await page.locator('#op_product_create-price').fill('٩٩.٥');
		await page.locator('#op_product_create-stock').fill('7');
		await page.locator('#op_product_create-categoryId').selectOption({ label: 'روايات' });
		await page.locator('main form button[type=submit]').click();
		await page.waitForURL(/\/p\//);
		await page.locator('dl').waitFor();
		equal(await heading(), 'ألف ليلة وليلة', 'title');
		await audit('detail');
	});
	await step('edit it', async () => {
		await page.locator('a.button', { hasText: 'Edit' }).click();
		await page.locator('#op_product_update-stock').waitFor();
		equal(await page.locator('#op_product_update-price').inputValue(), '99.50', 'price in the form');
		await page.locator('#op_product_update-stock').fill('8');
		await page.locator('main form button[type=submit]').click();
		await page.locator('dl').waitFor();
		if (!(await page.locator('dl').textContent()).includes('8')) throw new Error('the new stock is not shown');
	});
	await step('it is in the list', async () => {
		await page.goto('/');
		await page.locator('tbody tr').nth(4).waitFor();
		equal((await page.locator('tbody tr').first().textContent()).includes('ألف ليلة وليلة'), true, 'first row');
	});
	await step('delete it, after being asked', async () => {
		await page.locator('tbody tr a').first().click();
		await page.locator('button.danger').first().click();
		await page.locator('dialog[open] button.second').click();
		await page.locator('dl').waitFor();
		await page.locator('main .buttons button.danger').first().click();
		await page.locator('dialog[open]').waitFor();
		await audit('dialog');
		await page.locator('dialog[open] button.danger').click();
		await page.waitForURL(`${plan.url}/`);
		await page.locator('tbody tr').first().waitFor();
		equal(await page.locator('tbody tr').count(), 4, 'rows');
	});
	await step('delete a category in its list; its product stays', async () => {
		await page.goto('/admin/categories');
		await page.locator('tbody tr').first().waitFor();
		await page.locator('tbody tr', { hasText: 'Science' }).locator('button').click();
		await page.locator('dialog[open] button.danger').click();
		await page.locator('tbody tr', { hasText: 'Science' }).waitFor({ state: 'detached' });
		await page.goto('/p/cosmos');
		await page.locator('dl').waitFor();
	});
	await step('sign out', async () => {
		await page.locator('header button', { hasText: 'Sign out' }).click();
		await page.locator('header a', { hasText: 'Sign in' }).waitFor();
	});
	await step('a customer orders: lines, total, placing takes stock', async () => {
		await signIn('customer@shop.example');
		await page.goto('/orders/new');
		await page.locator('#op_order_create-address').fill('شارع العليا');
		await page.locator('main form button[type=submit]').click();
		await page.waitForURL(/\/orders\/[0-9a-f]/);
		await page.locator('#op_line_create-productId option', { hasText: 'Cosmos' }).waitFor({ state: 'attached' });
		await page.locator('#op_line_create-productId').selectOption({ label: 'Cosmos' });
		await page.locator('#op_line_create-quantity').fill('2');
		await page.locator('section form button[type=submit]').click();
		await page.locator('section tbody tr').first().waitFor();
		await page.waitForFunction(() => document.querySelector('dl').textContent.includes('159.80'));
		await audit('order');
		await page.locator('button[data-op=op_order_place]').click();
		await page.waitForFunction(() => document.querySelector('dl').textContent.includes('Placed'));
		equal(await page.locator('section > form').count(), 0, 'forms for lines of a placed order');
		equal(await page.locator('main button.danger:visible, main .danger-text').count(), 0, 'ways to delete from a placed order');
		await page.goto('/p/cosmos');
		await page.locator('dl').waitFor();
		if (!/In stock\s*3/.test(await page.locator('dl').textContent())) throw new Error(await page.locator('dl').textContent());
	});
	await step('a customer has no office', async () => {
		equal(await page.locator('header nav a', { hasText: 'Office' }).count(), 0, 'links to the office');
		await page.goto('/admin');
		equal(await heading(), 'This is not for you', 'heading');
	});
	await step('Arabic: right to left, and remembered', async () => {
		await page.goto('/');
		await page.locator('button[data-locale=ar]').click();
		equal(await page.locator('html').getAttribute('dir'), 'rtl', 'direction');
		await page.reload();
		equal(await page.locator('html').getAttribute('lang'), 'ar', 'language');
		equal(await heading(), 'المتجر', 'heading');
		await page.locator('tbody tr').first().waitFor();
		const brand = await page.locator('.brand').boundingBox();
		if (brand.x < 600) throw new Error(`the name of the shop is at the left: ${brand.x}`);
		await audit('Arabic list');
	});
}

async function clinic() {
	await step('Arabic comes first, right to left', async () => {
		await page.goto('/');
		await page.locator('tbody tr').first().waitFor();
		equal(await page.locator('html').getAttribute('dir'), 'rtl', 'direction');
		equal(await heading(), 'الأطباء', 'heading');
		await audit('list');
	});
	await step('a patient books', async () => {
		await signIn('patient@clinic.example');
		await page.goto('/appointments/new');
		await page.locator('#op_visit_create-day').fill('2026-04-05');
		await page.locator('#op_visit_create-slot').fill('11');
		await page.locator('#op_visit_create-reason').fill('ألم في الركبة');
		await page.locator('#op_visit_create-doctorId option', { hasText: 'خالد' }).waitFor({ state: 'attached' });
		await page.locator('#op_visit_create-doctorId').selectOption({ label: 'د. خالد العتيبي' });
		equal(await page.locator('#op_visit_create-notes').count(), 0, 'field only for doctors');
		await audit('form');
		await page.locator('main form button[type=submit]').click();
		await page.waitForURL(/\/appointments\/[0-9a-f]/);
		await page.locator('dl').waitFor();
		if (!(await page.locator('dl').textContent()).includes('مطلوب')) throw new Error('not requested');
		await audit('detail');
	});
	const url = page.url();
	await step('the same hour is taken', async () => {
		await page.goto('/appointments/new');
		await page.locator('#op_visit_create-day').fill('2026-04-05');
		await page.locator('#op_visit_create-slot').fill('11');
		await page.locator('#op_visit_create-reason').fill('مراجعة');
		await page.locator('#op_visit_create-doctorId option', { hasText: 'خالد' }).waitFor({ state: 'attached' });
		await page.locator('#op_visit_create-doctorId').selectOption({ label: 'د. خالد العتيبي' });
		await page.locator('main form button[type=submit]').click();
		await page.locator('#op_visit_create-slot-error').waitFor();
	});
	await step('reception confirms', async () => {
		await page.locator('header button', { hasText: 'خروج' }).click();
		await signIn('reception@clinic.example');
		await page.goto('/desk');
		await page.locator('tbody tr').first().waitFor();
		await page.goto(url);
		await page.locator('button[data-op=op_visit_confirm]').click();
		await page.waitForFunction(() => document.querySelector('dl').textContent.includes('مؤكد'));
	});
	await step('dark and narrow: readable still', async () => {
		await page.emulateMedia({ colorScheme: 'dark' });
		await page.setViewportSize({ width: 360, height: 700 });
		await page.goto('/');
		await page.locator('tbody tr').first().waitFor();
		equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no sideways scrolling');
		await audit('dark list');
	});
}

await step('axe sees a picture without a name', async () => {
	await page.goto('/');
	await page.evaluate(() => document.querySelector('main').append(new Image()));
	const said = await audit('planted').then(() => '', String);
	equal(/image-alt/.test(said), true, `what axe said: ${said}`);
});
await (plan.steps === 'shop' ? shop() : clinic());
await step('nothing was asked of another place', async () => equal([...foreign].join(' '), '', 'requests'));
await step('the pages complained of nothing', async () => equal(complaints.join('\n'), '', 'console'));
await context.close();
process.exit(failed > 0 ? 1 : 0);
