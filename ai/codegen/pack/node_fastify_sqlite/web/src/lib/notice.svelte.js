// One short sentence about what just happened, read out by screen readers.
const state = $state({ text: '', bad: false });
let timer;

export const notice = {
	get text() {
		return state.text;
	},
	get bad() {
		return state.bad;
	},
};

export function tell(text, bad = false) {
	state.text = text;
	state.bad = bad;
	clearTimeout(timer);
	timer = setTimeout(() => (state.text = ''), 6000);
}
