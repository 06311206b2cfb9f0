/** Programs that plans name, and that a computer which runs tests may lack. They change a made-up computer only. */
export const programsOfPlans = [
    ...[
        'apt-get',
        'apt-mark',
        'cancel',
        'cupsaccept',
        'cupsdisable',
        'cupsenable',
        'cupsreject',
        'dpkg',
        'faillock',
        'flatpak',
        'gio',
    ],
    ...['gsettings', 'journalctl', 'lp', 'lpoptions', 'nmcli', 'rfkill', 'sysctl', 'systemctl', 'wpctl'],
];
