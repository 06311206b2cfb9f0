// What goes through the port of a virtual machine: many programs' inputs and outputs through one stream. Both ends use this.

/**
 * To the machine: `start` (an argv in JSON), `input` (nothing: its end), `kill`. From it: `output`, `errors`, and `end` (an
 * `Ending` in JSON), which is the last word of each program.
 */
export const kinds = ['start', 'input', 'kill', 'output', 'errors', 'end'] as const;
export type Kind = (typeof kinds)[number];
/** `program`: a number that its starter chose; 0 is the machine itself, which ends its start with `end`. */
export type Frame = { kind: Kind; program: number; content: Buffer };

/** How a program ended, as Node's `exit` reports it; or why it could not be started. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null; error?: string };

/** Kind (1 byte), program and length of the content (4 bytes each). */
const headLength = 9;

export function toBytes({ kind, program, content }: Frame): Buffer {
    const head = Buffer.alloc(headLength);
    head.writeUInt8(kinds.indexOf(kind));
    head.writeUInt32BE(program, 1);
    head.writeUInt32BE(content.length, 5);
    return Buffer.concat([head, content]);
}

export class FrameReader {
    #rest: Buffer = Buffer.alloc(0);

    /** @returns the frames that are complete with this */
    push(chunk: Buffer): Frame[] {
        this.#rest = Buffer.concat([this.#rest, chunk]);
        const frames: Frame[] = [];
        while (this.#rest.length >= headLength) {
            const kind = kinds[this.#rest.readUInt8()];
            const end = headLength + this.#rest.readUInt32BE(5);
            if (kind === undefined) throw new Error('what came through the port of the machine is no frame');
            if (this.#rest.length < end) break;
            frames.push({ kind, program: this.#rest.readUInt32BE(1), content: this.#rest.subarray(headLength, end) });
            this.#rest = this.#rest.subarray(end);
        }
        return frames;
    }
}
