import type { Scenario } from '../scenario.ts';

const wired = `
ip link add eth7 type veth peer name eth7-peer
ip link set eth7-peer up
nmcli device set eth7 managed yes
nmcli connection add type ethernet ifname eth7 con-name bench autoconnect no ipv4.dhcp-timeout 2 ipv6.method disabled
`;

export const scenario: Scenario = {
    title: 'the network gives no address',
    by: 'provoked',
    // Else NetworkManager makes a connection of its own for it, goes on trying that, and takes the other end as well.
    files: {
        '/etc/NetworkManager/conf.d/90-bench-address.conf':
            '[main]\nno-auto-default+=interface-name:eth7\n[device-bench-address]\nmatch-device=interface-name:eth7-peer\nmanaged=0\n',
    },
    prepare: async desktop => {
        await desktop.exec(['sh', '-ec', wired]);
    },
    provoke: async desktop => {
        // Nobody at the other end of the cable answers.
        await desktop.exec(['nmcli', '--wait', '15', 'connection', 'up', 'bench'], { mayFail: true });
    },
    expect: { family: 'dhcp', subject: 'eth7', cause: /address/, fix: 'network.reconnect', changes: /^[-+] network / },
    repair: async desktop => {
        const router = `
            ip address add 198.51.100.1/24 dev eth7-peer
            systemd-run --quiet --collect --unit=bench-router /usr/sbin/dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --port=0 --interface=eth7-peer --no-ping --dhcp-range=198.51.100.50,198.51.100.60,1h
            until ss --listening --udp --no-header 'sport = :67' | grep -q .; do sleep 0.05; done
        `;
        await desktop.exec(['sh', '-ec', router]);
    },
    clear: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'systemctl stop bench-router; nmcli connection delete bench; ip link delete eth7',
        ]);
    },
};
