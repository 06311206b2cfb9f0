// What lies between a model's first words and the eye: one clock says when they left the process that runs it, when they were
// in the Shell, and when the quick chat had drawn them; and the same of a menu with a label, which is what the Shell itself needs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleInferenceWorker } from '../../build/inferenceWorker.ts';
import { alice } from '../desktop/container.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { bootWithReeve, Screen } from '../desktop/support/screen.ts';
import { answerBegins, writingModel } from '../support/writingModel.ts';
import { beforeOthers } from './beforeOthers.ts';
import { describeLatency } from './statistics.ts';

const rounds = 20;
const root = join(import.meta.dirname, '../..');
const modelInside = `${alice.home}/talker.gguf`;
const workerInside = `${alice.home}/.local/lib/reeve/lib/inference.mjs`;
const reeve = `${alice.home}/.local/bin/reeve`;
/** Nothing that the built-in answers know of. */
const question = 'compare the moods of two penguins';
const talk = [
    [answerBegins, 'They'],
    ['They', ' waddle', ' and', ' look', ' content', '.'],
];

/** A model goes on computing what comes next. One core for that leaves one to what is measured, on the least of machines. */
const settings = '[model]\nthreads = 1\n';

/**
 * What the Shell itself needs, to be subtracted: a menu of the panel with a label in it and nothing of Reeve's, which asks the
 * same and shows the same as soon as the same signal has come.
 */
const bareMenu = `(async () => {
    const { Gio, GLib, St } = imports.gi;
    const { Button } = await import('resource:///org/gnome/shell/ui/panelMenu.js');
    const button = new Button(0.5, 'Bare');
    button.add_child(new St.Icon({ icon_name: 'dialog-question-symbolic', style_class: 'system-status-icon' }));
    const label = new St.Label();
    button.menu.box.add_child(label);
    Main.panel.addToStatusArea('bare', button);
    const [bus, root] = ['org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'];
    globalThis.bare = { menu: button.menu, label, ask: (question, token) => {
        label.text = 'Looking…';
        const sender = Gio.DBus.session.get_unique_name().slice(1).replaceAll('.', '_');
        const path = root + '/request/' + sender + '/' + token;
        const chunk = Gio.DBus.session.signal_subscribe(bus, bus + '.Request', 'Chunk', path, null, 0, (...signal) => {
            Gio.DBus.session.signal_unsubscribe(chunk);
            label.text = signal[5].recursiveUnpack()[1];
        });
        const options = { handle_token: GLib.Variant.new_string(token) };
        const parameters = GLib.Variant.new('(sa{sv})', [question, options]);
        Gio.DBus.session.call(bus, root, bus + '.Assistant', 'Ask', parameters, null, 0, -1, null, null);
    } };
    return true;
})()`;

/** Notes when the first piece of an answer comes, and the frame that shows it. */
const watch = `
    const { Gio, GLib } = imports.gi;
    const within = actor => [actor, ...actor.get_children().flatMap(within)];
    const popover = Main.panel.statusArea['reeve@reevedesktop.org'].menu.actor;
    const answers = () => within(popover).filter(actor => actor.style_class?.split(' ').includes('reeve-answer'));
    const begins = actor => within(actor).some(({ text }) => text?.startsWith('They'));
    globalThis.bench = {
        seen: null,
        done: true,
        begin: isBare => {
            const before = answers().filter(begins).length;
            bench.shows = isBare ? () => begins(bare.menu.box) : () => answers().filter(begins).length > before;
            Object.assign(bench, { seen: null, done: false });
        },
    };
    const now = () => GLib.get_monotonic_time();
    Gio.DBus.session.signal_subscribe('org.reevedesktop.Reeve1', 'org.reevedesktop.Reeve1.Request', 'Chunk', null, null, 0,
        () => { if (!bench.done) bench.seen ??= { chunk: now() }; });
    const isWatched = () => !bench.done && bench.seen !== null;
    global.stage.connect('before-update', () => { if (isWatched()) bench.seen.begun = now(); });
    global.stage.connect('before-paint', () => { if (isWatched()) bench.seen.laidOut = now(); });
    global.stage.connect('after-paint', (_stage, view) => {
        if (!isWatched()) return;
        // Mesa goes on drawing in threads of its own.
        view.get_framebuffer().finish();
        bench.seen.drawn = now();
        // Looking for the answer takes longer than drawing it.
        bench.done = bench.shows();
    });
    null`;

/** Microseconds of one clock. */
type Seen = { chunk: number; begun: number; laidOut: number; drawn: number };
type Told = Seen & { written: number };

export async function bench(): Promise<void> {
    await using desktop = await bootWithReeve('forky', { [`${alice.home}/.config/reeve/config.toml`]: settings });
    await desktop.writeFile(workerInside, await tellingWorker());
    await desktop.writeFile(modelInside, writingModel('Talker', talk));
    await desktop.user([reeve, 'models', 'import', modelInside]);
    await desktop.user([reeve, 'models', 'use', 'talker']);
    await desktop.evalJs(bareMenu);
    await desktop.evalJs(watch);

    // The first ones load the model, and draw an answer for the first time.
    await askReeve(desktop);
    await askBare(desktop, 0);
    await desktop.exec(beforeOthers);
    const seen: Record<'reeve' | 'bare', Seen>[] = [];
    for (let round = 1; round <= rounds; round += 1)
        seen.push({ reeve: await askReeve(desktop), bare: await askBare(desktop, round) });

    const lines = (await desktop.readFile(`${alice.home}/first-texts`))
        .toString()
        .trim()
        .split('\n')
        .slice(2)
        .map(Number);
    if (lines.length !== 2 * rounds) throw new Error(`${2 * rounds} answers, of which ${lines.length} were written`);
    const told = (which: 'reeve' | 'bare', at: number) =>
        seen.map((both, round): Told => ({ ...both[which], written: lines[2 * round + at] ?? Number.NaN }));
    const [ours, bare] = [told('reeve', 0), told('bare', 1)];
    report('the popover', ours);
    report('a bare menu', bare);
    const added = ours.map((times, round) => wholeOf(times) - wholeOf(bare[round] ?? times));
    console.log(`  ${'the popover adds'.padEnd(42)}${describeLatency(added)}`);
}

const wholeOf = ({ written, drawn }: Told) => drawn - written;

function report(name: string, seen: readonly Told[]): void {
    const line = (what: string, time: (told: Told) => number) => {
        console.log(`  ${`${name}: ${what}`.padEnd(42)}${describeLatency(seen.map(time))}`);
    };
    line('first text → drawn', wholeOf);
    line('  until it is in the Shell', ({ written, chunk }) => chunk - written);
    line('  until a frame begins', ({ chunk, begun }) => begun - chunk);
    line('  layout', ({ begun, laidOut }) => laidOut - begun);
    line('  painting', ({ laidOut, drawn }) => drawn - laidOut);
}

async function askReeve(desktop: Desktop): Promise<Seen> {
    const screen = new Screen(desktop);
    await screen.openWithKey();
    await screen.untilFocused('Ask about this computer');
    await desktop.evalJs('bench.begin(false); null');
    await desktop.type(`${question}\n`);
    return untilAnswered(desktop);
}

async function askBare(desktop: Desktop, round: number): Promise<Seen> {
    await desktop.evalJs('bare.menu.open(); null');
    await desktop.waitFor('bare.menu.box.mapped');
    await desktop.evalJs(`bare.ask(${JSON.stringify(question)}, 'bare${round}'); bench.begin(true); null`);
    return untilAnswered(desktop);
}

async function untilAnswered(desktop: Desktop): Promise<Seen> {
    const seen = await desktop.waitFor<Seen>('bench.done && bench.seen', { timeout: 60_000 });
    const answering = ['busctl', '--user', 'get-property', 'org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'];
    await desktop.user([
        'sh',
        '-c',
        `until ${answering.join(' ')} org.reevedesktop.Reeve1.Manager Answering | grep -q false; do sleep 0.05; done`,
    ]);
    await desktop.key('Escape');
    await desktop.waitFor('Main.modalCount === 0');
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
