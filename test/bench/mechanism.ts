import { Desktop } from '../desktop/desktop.ts';
import { describeLatency, quantile } from './statistics.ts';

const rounds = 12;
const node = '/opt/reeve-build/lib/node';
const name = 'org.reevedesktop.Reeve1.Mechanism';

/** One round, inside: the wall time of each, in microseconds. The digest is wrong, so that the call ends where polkit would be asked. */
const round = `
import { spawnSync } from 'node:child_process';
const timed = (program, ...argv) => {
    const started = performance.now();
    spawnSync(program, argv, { stdio: 'ignore' });
    return (performance.now() - started) * 1000;
};
const call = () => timed('busctl', 'call', '--allow-interactive-authorization=yes', '${name}', '/org/reevedesktop/Reeve1/Mechanism',
    '${name}', 'Apply', 'sssaays', 'unit.restart', '{"scope":"system","unit":"dbus.service"}', '', '0', 'a'.repeat(64));
console.log(JSON.stringify({ cold: call(), warm: call(), bare: timed('${node}', '-e', '0') }));
`;

/** From a call to a mechanism that does not run to the point where polkit is asked: activation, and the plan. */
export async function bench(): Promise<void> {
    await using desktop = await Desktop.boot('forky', { files: { '/opt/round.mjs': round } });
    await desktop.exec([node, '/opt/reeve-build/lib/install.mjs', '--system']);
    const samples: { cold: number; warm: number; bare: number }[] = [];
    for (let index = 0; index < rounds; index += 1) {
        await desktop.exec(['systemctl', 'stop', 'reeve-mechanism.service']);
        const { stdout } = await desktop.user([node, '/opt/round.mjs']);
        samples.push(JSON.parse(stdout) as (typeof samples)[number]);
    }
    const cold = samples.map(sample => sample.cold);
    const bare = samples.map(sample => sample.bare);
    console.log(`  first call → polkit's question  ${describeLatency(cold)}`);
    console.log(`  the next call                   ${describeLatency(samples.map(sample => sample.warm))}`);
    console.log(`  node -e 0                       ${describeLatency(bare)}`);
    console.log(
        `  cold / bare Node                ${(quantile(cold, 0.5) / quantile(bare, 0.5)).toFixed(2)} (medians)`,
    );
}
