// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the module that build makes, in Node and in browsers alike: gives what it printed.

const LEFT = Symbol("a row that does not hold");
const EBADF = 8;
const ENOSYS = 52;

export async function run(wasm, json) {
	const utf8 = new TextEncoder();
	const text = new TextDecoder();
	let said = "";
	let core;
	const bytes = (at, size) => new Uint8Array(core.memory.buffer, at, size);

	// What the C library asks of the world: random bytes, and to print.
	const wasi = new Proxy({
		random_get(at, size) {
			for (let done = 0; done < size; done += 65536)
				crypto.getRandomValues(bytes(at + done, Math.min(65536, size - done)));
			return 0;
		},
		fd_write(_fd, parts, count, written) {
			const view = new DataView(core.memory.buffer);
			let sum = 0;
			for (let i = 0; i < count; i++) {
				const size = view.getUint32(parts + 8 * i + 4, true);
				said += text.decode(bytes(view.getUint32(parts + 8 * i, true), size), { stream: true });
				sum += size;
			}
			view.setUint32(written, sum, true);
			return 0;
		},
		fd_prestat_get: () => EBADF, // no folders
		environ_sizes_get(count, size) {
			bytes(count, 4).fill(0);
			bytes(size, 4).fill(0);
			return 0;
		},
		proc_exit(code) {
			throw new Error(`exit ${code}`);
		},
	}, { get: (calls, name) => calls[name] ?? (() => ENOSYS) });
	const runner = {
		try(fn, r, row) {
			const stack = core.__stack_pointer.value;
			try {
				core.call_row(fn, r, row);
				return 1;
			} catch (error) {
				if (error !== LEFT)
					throw error;
				core.__stack_pointer.value = stack;
				return 0;
			}
		},
		leave() {
			throw LEFT;
		},
		// As the page folds words (web/person/src/wasm.ts).
		fold(at, size, out, room) {
			const folded = utf8.encode(text.decode(bytes(at, size)).normalize("NFKC").toLowerCase());
			if (folded.length > room)
				return -1;
			bytes(out, folded.length).set(folded);
			return folded.length;
		},
	};
	const { instance } = await WebAssembly.instantiate(wasm, { wasi_snapshot_preview1: wasi, runner });
	core = instance.exports;
	core._initialize();
	const at = core.room(json.length);
	bytes(at, json.length).set(json);
	try {
		const code = core.run(at, json.length);
		return `${said}exit ${code}\n`;
	} catch (error) {
		return `${said}${error.stack}\n`;
	}
}
