// Runs the firmware that was built for wasm32-unknown-unknown: node wasm.mjs FILE
import { readFileSync, writeSync } from 'node:fs';

let memory;
const host = {
  print: (text, len) => writeSync(1, new Uint8Array(memory.buffer, text, len)),
  exit: (passed) => process.exit(passed ? 0 : 1),
};
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { host });
memory = instance.exports.memory;
instance.exports.start();
