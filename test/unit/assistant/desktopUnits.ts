/** Some units of a test desktop with Debian sid: name, description, active and sub state. */
export const desktopUnits = (
    [
        ['ssh.service', 'OpenBSD Secure Shell server', 'active', 'running'],
        ['ssh.socket', 'OpenBSD Secure Shell server socket', 'inactive', 'dead'],
        ['bluetooth.service', 'Bluetooth service', 'inactive', 'dead'],
        ['cups.service', 'CUPS Scheduler', 'active', 'running'],
        ['cups.socket', 'CUPS Scheduler', 'active', 'running'],
        ['cups-browsed.service', 'Make remote CUPS printers available locally', 'active', 'running'],
        ['NetworkManager.service', 'Network Manager', 'active', 'running'],
        ['systemd-resolved.service', 'Network Name Resolution', 'active', 'running'],
        ['getty@tty1.service', 'Getty on tty1', 'active', 'running'],
        ['postgresql.service', 'PostgreSQL RDBMS', 'active', 'exited'],
        ['nginx.service', 'A high performance web server and a reverse proxy server', 'failed', 'failed'],
        ['apache2.service', 'The Apache HTTP Server', 'inactive', 'dead'],
        ['web.service', 'Sample web', 'inactive', 'dead'],
        ['docker.service', 'Docker Application Container Engine', 'active', 'running'],
        ['cron.service', 'Regular background program processing daemon', 'active', 'running'],
        ['firewalld.service', 'firewalld - dynamic firewall daemon', 'active', 'running'],
        ['pipewire.service', 'PipeWire Multimedia Service', 'active', 'running'],
        ['systemd-journald.service', 'Journal Service', 'active', 'running'],
        ['user@1000.service', 'User Manager for UID 1000', 'active', 'running'],
        ['display-manager.service', 'GNOME Display Manager', 'active', 'running'],
    ] as const
).map(([name, description, activeState, subState]) => ({
    scope: 'system' as const,
    name,
    description,
    loadState: 'loaded',
    activeState,
    subState,
}));
