import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const server = '/usr/local/lib/bench-ntp.py';
const good = '/run/bench-ntp-good';
const settings = '/run/systemd/timesyncd.conf.d/bench.conf';

/** A time server (RFC 5905, section 7.3) that says of itself, until a file is there, that its time may be wrong by half a minute. */
const program = `import os, socket, struct, time
listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind(("127.0.0.1", 123))
while True:
    request, client = listener.recvfrom(512)
    now = struct.pack("!II", int(time.time()) + 2208988800, 0)
    delay = 0 if os.path.exists("${good}") else 60 << 16
    head = struct.pack("!BBbbII4s", 0x24, 2, 6, -20, delay, 0, b"TEST")
    listener.sendto(head + now + request[40:48] + now + now, client)
`;

export const scenario: Scenario = {
    title: 'the time server cannot be relied on',
    by: 'provoked',
    needs: 'machine',
    files: {
        [server]: program,
        '/etc/systemd/system/bench-ntp.service': `[Service]\nExecStart=python3 ${server}\n`,
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', 'bench-ntp.service']);
        await desktop.writeFile(settings, '[Time]\nNTP=127.0.0.1\nFallbackNTP=\n');
        await desktop.exec(['systemctl', 'restart', 'systemd-timesyncd.service']);
        const isReported =
            'until journalctl --quiet --unit systemd-timesyncd --grep "root distance" | grep -q .; do sleep 0.5; done';
        await desktop.exec(['sh', '-c', isReported]);
    },
    expect: { family: 'time', subject: 'clock', cause: /./, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['touch', good]);
        await desktop.exec(['systemctl', 'restart', 'systemd-timesyncd.service']);
        const isSet = 'until timedatectl show --property NTPSynchronized --value | grep -q yes; do sleep 0.5; done';
        await desktop.exec(['sh', '-c', isSet]);
    },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', settings, good]);
        await stopUnits(desktop, 'bench-ntp.service');
        await desktop.exec(['systemctl', 'restart', 'systemd-timesyncd.service']);
    },
};
