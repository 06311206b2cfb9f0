import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch } from '../desktop/support/installed.ts';
import { describeLatency, quantile } from './statistics.ts';

const rounds = 12;
const guest = '/opt/activation.js';
const sample = z.object({ activation: z.number(), bare: z.number() });

export async function bench(): Promise<void> {
    await using desktop = await Desktop.boot('forky', {
        files: { [guest]: readFileSync(new URL('guest/activation.js', import.meta.url), 'utf8') },
    });
    await installAndWatch(desktop);
    // The Shell would start the service itself between two rounds.
    await desktop.user(['gnome-extensions', 'disable', 'reeve@reevedesktop.org']);
    const { stdout } = await desktop.user(['gjs', '-m', guest, String(rounds), '/opt/reeve-build/lib/node'], {
        timeout: 120_000,
    });
    const samples = stdout
        .split('\n')
        .filter(Boolean)
        .map(line => sample.parse(JSON.parse(line)));
    const activation = samples.map(round => round.activation);
    const bare = samples.map(round => round.bare);
    console.log(`  first call → first answer       ${describeLatency(activation)}`);
    console.log(`  node -e 0                       ${describeLatency(bare)}`);
    const ratio = quantile(activation, 0.5) / quantile(bare, 0.5);
    console.log(`  activation / bare Node          ${ratio.toFixed(2)} (medians)`);
}
