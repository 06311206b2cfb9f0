import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const listen = "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',8027)); s.listen(); time.sleep(9999)";
const service = failedService(
    'bench-pier',
    'ExecStart=/usr/sbin/dnsmasq --conf-file=/dev/null --port=8027 --user=root --keep-in-foreground',
    { cause: /network port 8027, which bench-berth\S* already uses/, fix: 'unit.makeWay', changes: /bench-berth/ },
);
const [holder, trigger] = ['bench-berth.service', 'bench-berth.path'];

export const scenario: Scenario = {
    title: 'a unit that would be started again at once has the port of a service',
    ...service,
    files: {
        ...service.files,
        [`/etc/systemd/system/${holder}`]: `[Service]\nExecStart=/usr/bin/python3 -c "${listen}"\n`,
        // Its condition stays true, so that it starts the service as soon as that has stopped.
        [`/etc/systemd/system/${trigger}`]: '[Path]\nPathExists=/etc/hostname\n',
    },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', trigger]);
        await desktop.exec(['sh', '-c', 'until grep -q ":1F5B " /proc/net/tcp; do sleep 0.05; done']);
    },
    clear: desktop => stopUnits(desktop, 'bench-pier.service', trigger, holder),
};
