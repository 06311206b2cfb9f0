import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the link of the connection in use goes down',
    by: 'provoked',
    prepare: async desktop => {
        const wired = `
            ip link add eth8 type veth peer name eth8-peer
            ip link set eth8-peer up
            nmcli device set eth8 managed yes
            nmcli connection add type ethernet ifname eth8 con-name bench8 ipv4.method manual ipv4.addresses 192.0.2.8/24 ipv4.gateway 192.0.2.1 ipv6.method disabled
            nmcli --wait 10 connection up bench8
        `;
        await desktop.exec(['sh', '-ec', wired]);
    },
    provoke: async desktop => {
        await desktop.exec(['ip', 'link', 'set', 'eth8-peer', 'down']);
    },
    expect: { family: 'link', subject: 'eth8', cause: /cable/, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['ip', 'link', 'set', 'eth8-peer', 'up']);
        await desktop.exec(['sh', '-c', 'until ip route | grep -q "^default.*eth8"; do sleep 0.1; done']);
    },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'nmcli connection delete bench8; ip link delete eth8']);
    },
};
