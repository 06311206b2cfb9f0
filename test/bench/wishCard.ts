// From Enter to the frame that shows the card of a wish, on one clock inside the Shell. No model is installed.
import { Screen, bootWithReeve } from '../desktop/support/screen.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { beforeOthers } from './beforeOthers.ts';
import { describeLatency } from './statistics.ts';

const rounds = 8;
/** Each by the title of its plan, so that a card is not taken for an earlier one. */
const wishes: readonly [string, string][] = [
    ['turn on dark mode', 'Turn on the dark style'],
    ['make the text bigger', 'Set the text size to 125%'],
    ['turn on night light', 'Turn on the night light'],
];

/** Counts the cards with a title that a frame has shown, and notes when their number grew. */
const watch = `
    const { GLib } = imports.gi;
    const within = actor => [actor, ...actor.get_children().flatMap(within)];
    const popover = Main.panel.statusArea['reeve@reevedesktop.org'].menu.actor;
    const cards = title => within(popover).filter(actor => actor.mapped && actor.text === title).length;
    globalThis.bench = {
        drawn: null,
        ask: title => Object.assign(bench, { title, before: cards(title), drawn: null, pressed: GLib.get_monotonic_time() }),
    };
    global.stage.connect('after-paint', () => {
        if (bench.title === undefined || bench.drawn !== null) return;
        const now = GLib.get_monotonic_time();
        if (cards(bench.title) > bench.before) bench.drawn = now;
    });
    null`;

export async function bench(): Promise<void> {
    await using desktop = await bootWithReeve('forky');
    const screen = new Screen(desktop);
    await screen.openWithKey();
    await desktop.evalJs(watch);
    // The first one loads what only a plan needs.
    const first = await ask(desktop, ['mute the microphone', 'There is no microphone']);
    await desktop.exec(beforeOthers);
    const samples: number[] = [];
    for (let round = 0; round < rounds; round += 1) for (const wish of wishes) samples.push(await ask(desktop, wish));
    console.log(`  the first wish after the start  ${describeLatency([first])}`);
    console.log(`  a wish → its card is drawn      ${describeLatency(samples)}`);
}

/** In microseconds. */
async function ask(desktop: Desktop, [words, title]: readonly [string, string]): Promise<number> {
    await desktop.type(words);
    await desktop.evalJs(`bench.ask(${JSON.stringify(title)}); testDesktop.key('Return'); null`);
    return await desktop.waitFor<number>('bench.drawn !== null && bench.drawn - bench.pressed', { timeout: 30_000 });
}
