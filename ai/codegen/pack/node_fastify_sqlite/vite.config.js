import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// npm run dev: the pages with live reload, the API from a platform that runs at API_URL.
const api = process.env.API_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
	root: 'web',
	plugins: [svelte({ configFile: false })],
	build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
	server: { proxy: { '/api': api, '/_session': api, '/health': api } },
});
