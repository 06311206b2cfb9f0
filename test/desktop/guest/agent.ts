// Runs inside a virtual machine, as root and outside of any session: starts programs for the process that started the
// machine, which is at the other end of a virtio port.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createReadStream, createWriteStream, openSync } from 'node:fs';
import { FrameReader, toBytes, type Ending, type Frame, type Kind } from './frames.ts';

// The kernel lets a port be opened once only (port_fops_open() in drivers/char/virtio_console.c).
const port = openSync('/dev/virtio-ports/reeve', 'r+');
const output = createWriteStream('', { fd: port });
const programs = new Map<number, ChildProcessWithoutNullStreams>();

function send(kind: Kind, program: number, content: Buffer): void {
    output.write(toBytes({ kind, program, content }));
}

function end(program: number, ending: Ending): void {
    programs.delete(program);
    send('end', program, Buffer.from(JSON.stringify(ending)));
}

function start(program: number, [name = '', ...rest]: string[]): void {
    const child = spawn(name, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    programs.set(program, child);
    child.stdout.on('data', (chunk: Buffer) => {
        send('output', program, chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
        send('errors', program, chunk);
    });
    // A program may exit without reading all of its input.
    child.stdin.on('error', () => undefined);
    child.once('error', error => {
        end(program, { code: null, signal: null, error: error.message });
    });
    child.once('close', (code, signal) => {
        if (programs.has(program)) end(program, { code, signal });
    });
}

function obey({ kind, program, content }: Frame): void {
    if (kind === 'start') {
        start(program, JSON.parse(content.toString()) as string[]);
        return;
    }
    const child = programs.get(program);
    if (kind === 'kill') child?.kill('SIGKILL');
    else if (content.length > 0) child?.stdin.write(content);
    else child?.stdin.end();
}

end(0, { code: 0, signal: null });
const reader = new FrameReader();
for await (const chunk of createReadStream('', { fd: port })) reader.push(chunk as Buffer).forEach(obey);
