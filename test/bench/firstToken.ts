// What lies between a model's first words and the eye: one clock says when they left the process that runs it, when they were
// in the Shell, and when the quick chat had drawn them.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleInferenceWorker } from '../../build/inferenceWorker.ts';
import { alice } from '../desktop/container.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { bootWithReeve, Screen } from '../desktop/support/screen.ts';
import { answerBegins, writingModel } from '../support/writingModel.ts';
import { describeLatency } from './statistics.ts';

const rounds = 20;
const root = join(import.meta.dirname, '../..');
const modelInside = `${alice.home}/talker.gguf`;
const workerInside = `${alice.home}/.local/lib/reeve/lib/inference.mjs`;
const reeve = `${alice.home}/.local/bin/reeve`;
/** Nothing that the built-in answers know of. */
const question = 'compare the moods of two penguins\n';
const talk = [
    [answerBegins, 'They'],
    ['They', ' waddle', ' and', ' look', ' content', '.'],
];

/** What else this machine does is not to be measured: everything of alice's runs before it (sched(7), SCHED_RR). */
const beforeOthers = 'for pid in $(pgrep -u alice); do chrt --all-tasks --rr --pid 1 "$pid"; done';

/** A model goes on computing what comes next. One core for that leaves one to what is measured, on the least of machines. */
const settings = '[model]\nthreads = 1\n';

/** Notes when a piece of an answer comes, and when one more answer than before is painted. */
const watch = `
    const { Gio, GLib } = imports.gi;
    const answers = actor => (actor.style_class?.split(' ').includes('reeve-answer') && actor.mapped ? 1 : 0) +
        actor.get_children().reduce((sum, child) => sum + answers(child), 0);
    const popover = Main.panel.statusArea['reeve@reevedesktop.org'].menu.actor;
    globalThis.bench = { chunk: null, drawn: null, before: 0, popover, answers: () => answers(popover) };
    Gio.DBus.session.signal_subscribe('org.reevedesktop.Reeve1', 'org.reevedesktop.Reeve1.Request', 'Chunk', null, null, 0,
        () => { bench.chunk ??= GLib.get_monotonic_time(); });
    global.stage.connect('after-paint', () => {
        if (bench.chunk === null || bench.drawn !== null) return;
        // Looking for the answer takes longer than drawing it.
        const painted = GLib.get_monotonic_time();
        if (bench.answers() > bench.before) bench.drawn = painted;
    });
    null`;
/** Microseconds until the popover is drawn anew as it is: what the Shell needs for a frame. */
const redraw = `new Promise(resolve => {
    const begun = imports.gi.GLib.get_monotonic_time();
    const painted = global.stage.connect('after-paint', () => {
        global.stage.disconnect(painted);
        resolve(imports.gi.GLib.get_monotonic_time() - begun);
    });
    bench.popover.queue_redraw();
})`;
type Seen = { chunk: number; drawn: number };

export async function bench(): Promise<void> {
    await using desktop = await bootWithReeve('forky', { [`${alice.home}/.config/reeve/config.toml`]: settings });
    await desktop.writeFile(workerInside, await tellingWorker());
    await desktop.writeFile(modelInside, writingModel('Talker', talk));
    await desktop.user([reeve, 'models', 'import', modelInside]);
    await desktop.user([reeve, 'models', 'use', 'talker']);
    await new Screen(desktop).openWithKey();
    await desktop.evalJs(watch);

    // The first one loads the model, and draws an answer for the first time.
    await ask(desktop);
    await desktop.exec(['sh', '-c', beforeOthers]);
    const seen: Seen[] = [];
    const frames: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
        seen.push(await ask(desktop));
        frames.push(await desktop.evalJs<number>(redraw));
    }
    const lines = (await desktop.readFile(`${alice.home}/first-texts`)).toString().trim().split('\n').slice(1);
    if (lines.length !== seen.length) throw new Error(`${seen.length} answers, of which ${lines.length} were written`);
    const warm = seen.map((times, index) => ({ ...times, written: Number(lines[index]) }));
    console.log(
        `  first text → in the Shell       ${describeLatency(warm.map(({ written, chunk }) => chunk - written))}`,
    );
    console.log(`  a frame of the Shell            ${describeLatency(frames)}`);
    console.log(`  in the Shell → drawn            ${describeLatency(warm.map(({ chunk, drawn }) => drawn - chunk))}`);
    console.log(
        `  first text → drawn              ${describeLatency(warm.map(({ written, drawn }) => drawn - written))}`,
    );
}

async function ask(desktop: Desktop): Promise<Seen> {
    await desktop.evalJs('Object.assign(bench, { chunk: null, drawn: null, before: bench.answers() }); null');
    await desktop.type(question);
    const seen = await desktop.waitFor<Seen>('bench.drawn !== null && { chunk: bench.chunk, drawn: bench.drawn }');
    const answering = ['busctl', '--user', 'get-property', 'org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'];
    await desktop.user([
        'sh',
        '-c',
        `until ${answering.join(' ')} org.reevedesktop.Reeve1.Manager Answering | grep -q false; do sleep 0.05; done`,
    ]);
    return seen;
}

async function tellingWorker(): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-bench-'));
    try {
        await bundleInferenceWorker(root, folder, { name: 'telling', entry: 'test/bench/tellingWorker.ts' });
        return await readFile(join(folder, 'telling.mjs'));
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
