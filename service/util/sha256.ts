import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * SHA-256 (FIPS 180-4) without `node:crypto`, which comes with OpenSSL: the service would hold more than a megabyte for it as long as
 * it runs. Without a JIT this takes half a second for a megabyte, so what hashes more than settings and short texts uses
 * `node:crypto`, where it is loaded on first use.
 */
export function sha256(data: string | Uint8Array): string {
    const hashing = hash(typeof data === 'string' ? Buffer.from(data) : data);
    let step = hashing.next();
    while (!step.done) step = hashing.next();
    return step.value;
}

/** The same, but lets everything else take its turn in between. */
export async function sha256InTurns(data: Uint8Array): Promise<string> {
    const hashing = hash(data);
    let step = hashing.next();
    while (!step.done) {
        await nextTurn();
        step = hashing.next();
    }
    return step.value;
}

const blockSize = 64;
/** 16 KiB, some 8 milliseconds. */
const blocksInTurn = 256;

const words = (hexadecimal: string) => Int32Array.from(hexadecimal.split(' '), word => parseInt(word, 16));
const initial = words('6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19');
const constants = words(
    '428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe ' +
        '9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 ' +
        'c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b ' +
        'c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 ' +
        '748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2',
);

/** Yields between turns; returns the hash in hexadecimal. */
function* hash(bytes: Uint8Array): Generator<undefined, string> {
    const state = initial.slice();
    const rest = bytes.length % blockSize;
    const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - rest);
    for (let at = 0; at < whole.byteLength; at += blockSize) {
        if (at > 0 && at % (blockSize * blocksInTurn) === 0) yield;
        add(state, whole, at);
    }
    // A bit, zeros, and the length in bits.
    const end = new DataView(new ArrayBuffer(rest + 9 > blockSize ? 2 * blockSize : blockSize));
    new Uint8Array(end.buffer).set(bytes.subarray(whole.byteLength));
    end.setUint8(rest, 0x80);
    end.setBigUint64(end.byteLength - 8, BigInt(bytes.length) * 8n);
    for (let at = 0; at < end.byteLength; at += blockSize) add(state, end, at);
    return Array.from(state, word => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const schedule = new Int32Array(64);

/** Adds a block to the state; the letters are those of the standard. */
function add(state: Int32Array, block: DataView, at: number): void {
    const w = schedule;
    for (let t = 0; t < 16; t++) w[t] = block.getInt32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
        const x = w[t - 15] ?? 0;
        const y = w[t - 2] ?? 0;
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[t] = (w[t - 16] ?? 0) + s0 + (w[t - 7] ?? 0) + s1;
    }
    const before = state.slice();
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = before;
    for (let t = 0; t < 64; t++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] ?? 0) + (w[t] ?? 0)) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
    }
    state.set([a, b, c, d, e, f, g, h].map((word, index) => word + (before[index] ?? 0)));
}
