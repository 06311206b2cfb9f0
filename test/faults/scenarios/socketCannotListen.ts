import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const [socket, service, other] = ['bench-call.socket', 'bench-call.service', 'bench-caller.service'];
const listen = "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',8026)); s.listen(); time.sleep(9999)";

export const scenario: Scenario = {
    title: 'a socket cannot listen',
    by: 'provoked',
    files: {
        [`/etc/systemd/system/${socket}`]: '[Socket]\nListenStream=127.0.0.1:8026\nBindToDevice=lo\n',
        [`/etc/systemd/system/${service}`]: '[Service]\nExecStart=/bin/cat\n',
        [`/etc/systemd/system/${other}`]: `[Service]\nExecStart=/usr/bin/python3 -c "${listen}"\n`,
    },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', other]);
        await desktop.exec(['sh', '-c', 'until grep -q ":1F5A " /proc/net/tcp; do sleep 0.05; done']);
    },
    provoke: desktop => failUnit(desktop, socket),
    expect: {
        family: 'unit',
        subject: socket,
        cause: /network port 8026, which bench-caller\S* already uses/,
        fix: 'unit.makeWay',
        changes: /bench-call/,
    },
    clear: desktop => stopUnits(desktop, socket, service, other),
};
