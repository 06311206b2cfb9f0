import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const unit = 'bench-harbour.service';
const scope = 'bench-spawn-1.scope';
// A program in a terminal, whose parent never waits for it: once it has ended, it stays a zombie.
const program = `import os, socket, time
if os.fork():
    time.sleep(9999)
s = socket.socket()
s.bind(('127.0.0.1', 5398))
s.listen()
time.sleep(9999)`;
const service = failedService(
    'bench-harbour',
    'ExecStart=/usr/sbin/dnsmasq --conf-file=/dev/null --port=5398 --user=root --keep-in-foreground',
    { cause: /network port 5398, which python3\S* already uses/, fix: 'program.makeWay' },
);

export const scenario: Scenario = {
    title: 'a program of the user’s has the port of a service',
    ...service,
    prepare: async desktop => {
        const start = `setsid systemd-run --user --scope --quiet --unit=${scope} python3 -c "$1" >/dev/null 2>&1 &`;
        const listens = 'until grep -q ":1516 " /proc/net/tcp; do sleep 0.1; done';
        await desktop.user(['sh', '-c', `${start} ${listens}`, 'sh', program]);
    },
    provoke: desktop => failUnit(desktop, unit),
    clear: async desktop => {
        await desktop.user(['systemctl', '--user', 'stop', scope], { mayFail: true });
        await service.clear?.(desktop);
    },
};
