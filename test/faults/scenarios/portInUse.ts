import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const listen = `ExecStart=/usr/bin/python3 -c "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',8025)); s.listen(); time.sleep(9999)"`;
const { files, ...rest } = failedService('bench-mail', listen, {
    cause: /port.*already|already uses/i,
    fix: 'unit.restart',
});
const other = 'bench-squatter.service';

export const scenario: Scenario = {
    title: 'the port of a service is taken',
    ...rest,
    files: { ...files, [`/etc/systemd/system/${other}`]: `[Service]\n${listen}\n` },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', other]);
        const listening = 'until grep -q ":1F59 " /proc/net/tcp; do sleep 0.05; done';
        await desktop.exec(['sh', '-c', listening]);
    },
    repair: async desktop => {
        await desktop.exec(['systemctl', 'stop', other]);
    },
    clear: desktop => stopUnits(desktop, 'bench-mail.service', other),
};
