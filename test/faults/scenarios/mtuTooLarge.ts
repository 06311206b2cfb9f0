import type { Scenario } from '../scenario.ts';

const wired = `
ip link add eth5 type veth peer name eth5-peer
ip link set eth5-peer up
nmcli device set eth5 managed yes
nmcli connection add type ethernet ifname eth5 con-name bench-mtu autoconnect no ipv4.method manual ipv4.addresses 198.51.100.130/25 ipv6.method disabled ethernet.mtu 70000
`;

export const scenario: Scenario = {
    title: 'a connection is set to packets that its card cannot send',
    by: 'provoked',
    // Else NetworkManager makes a connection of its own for it, and takes the other end as well.
    files: {
        '/etc/NetworkManager/conf.d/91-bench-mtu.conf':
            '[main]\nno-auto-default+=interface-name:eth5\n[device-bench-mtu]\nmatch-device=interface-name:eth5-peer\nmanaged=0\n',
    },
    prepare: async desktop => {
        await desktop.exec(['sh', '-ec', wired]);
    },
    provoke: async desktop => {
        await desktop.exec(['nmcli', '--wait', '15', 'connection', 'up', 'bench-mtu']);
    },
    expect: { family: 'routing', subject: 'eth5', cause: /MTU/ },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'nmcli connection delete bench-mtu; ip link delete eth5']);
    },
};
