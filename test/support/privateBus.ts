// A message bus of the test's own: it starts nobody, and nobody else is on it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type PrivateBus = AsyncDisposable & {
    address: string;
    /** Kills the bus, as when a session ends. */
    stop: () => Promise<void>;
};

/** @param options.services a folder of service files, for what the bus may start */
export async function startPrivateBus({ services }: { services?: string } = {}): Promise<PrivateBus> {
    const directory = await mkdtemp(join(tmpdir(), 'reeve-bus-'));
    const configuration = join(directory, 'bus.conf');
    await writeFile(
        configuration,
        `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${directory}/bus</listen>
  <auth>EXTERNAL</auth>
  ${services === undefined ? '' : `<servicedir>${services}</servicedir>`}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
    );
    const daemon = spawn(
        'dbus-daemon',
        ['--nofork', '--nopidfile', `--config-file=${configuration}`, '--print-address=1'],
        {
            stdio: ['ignore', 'pipe', 'ignore'],
        },
    );
    const exited = new Promise<void>(resolve => {
        daemon.once('exit', () => {
            resolve();
        });
        daemon.once('error', () => {
            resolve();
        });
    });
    const kill = () => daemon.kill('SIGKILL');
    process.once('exit', kill);
    const stop = async () => {
        kill();
        await exited;
        process.off('exit', kill);
        await rm(directory, { recursive: true, force: true });
    };
    const lines = createInterface(daemon.stdout);
    const address = await Promise.race([
        once(lines, 'line').then(([line]) => String(line)),
        exited.then(() => {
            throw new Error('dbus-daemon did not start');
        }),
    ]);
    return { address, stop, [Symbol.asyncDispose]: stop };
}
