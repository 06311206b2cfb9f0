// A unit fails; one clock in the desktop says when the entry was written, when `journalctl --follow` handed it on, when the
// incident was on the bus and when its notification was first drawn.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Desktop } from '../desktop/desktop.ts';
import { until } from '../desktop/waiting.ts';
import { installAndWatch } from '../desktop/support/installed.ts';
import { describeLatency, quantile } from './statistics.ts';

const rounds = 30;
const guest = '/opt/noticing.js';

const fact = z.object({
    what: z.enum(['journalctl', 'incident']),
    unit: z.string(),
    written: z.number().optional(),
    now: z.number(),
});

/** Notes when a notification is first painted, by its title. */
const watchPainting = `
    globalThis.benchDrawn = {};
    globalThis.benchPainted = global.stage.connect('after-paint', () => {
        const title = Main.messageTray._notification?.title;
        if (title) benchDrawn[title] ??= imports.gi.GLib.get_real_time();
    });
    null`;

export async function bench(): Promise<void> {
    await using desktop = await Desktop.boot('forky', {
        files: {
            [guest]: readFileSync(new URL('guest/noticing.js', import.meta.url), 'utf8'),
            '/home/alice/.config/reeve/config.toml': '[notifications]\nper_hour = 100\n',
        },
    });
    await installAndWatch(desktop);
    const watching = desktop.user(['gjs', '-m', guest, String(rounds * 3)], { timeout: rounds * 5_000 });
    await desktop.evalJs(watchPainting);

    const drawn = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
        const unit = `bench-${round}.service`;
        await desktop.exec(['systemd-run', '--quiet', `--unit=${unit}`, 'false']);
        const seen = `Object.entries(benchDrawn).find(([title]) => title.includes(${JSON.stringify(unit)}))?.[1]`;
        drawn.set(unit, await desktop.waitFor<number>(seen));
        await desktop.evalJs('Main.messageTray._notification?.destroy(); null');
        await until('the banner is gone', () => desktop.evalJs<boolean>('Main.messageTray._notification === null'));
    }
    const { stdout } = await watching;
    const facts = stdout
        .split('\n')
        .filter(Boolean)
        .map(line => fact.parse(JSON.parse(line)));

    // What failed before both watchers listened says nothing.
    const isHeard = (unit: string) =>
        ['journalctl', 'incident'].every(by => facts.some(fact => fact.what === by && fact.unit === unit));
    const all = [...drawn];
    const heard = all.slice(
        Math.max(
            0,
            all.findIndex(([unit]) => isHeard(unit)),
        ),
    );

    const latencies = { journalctl: [] as number[], incident: [] as number[], notification: [] as number[] };
    const behind: number[] = [];
    for (const [unit, painted] of heard) {
        const handedOn = facts.find(({ what, unit: name }) => what === 'journalctl' && name === unit);
        const incident = facts.find(({ what, unit: name }) => what === 'incident' && name === unit);
        if (handedOn?.written === undefined || incident === undefined) throw new Error(`${unit} was not noticed`);
        latencies.journalctl.push(handedOn.now - handedOn.written);
        latencies.incident.push(incident.now - handedOn.written);
        latencies.notification.push(painted - handedOn.written);
        behind.push(incident.now - handedOn.now);
    }
    console.log(`  entry → journalctl --follow     ${describeLatency(latencies.journalctl)}`);
    console.log(`  entry → incident on the bus     ${describeLatency(latencies.incident)}`);
    console.log(`  entry → notification drawn      ${describeLatency(latencies.notification)}`);
    console.log(`  incident behind journalctl      ${describeLatency(behind)}`);
    const ratio = quantile(latencies.incident, 0.5) / quantile(latencies.journalctl, 0.5);
    console.log(`  incident / journalctl           ${ratio.toFixed(2)} (medians)`);
}
