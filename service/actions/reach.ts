/** What the actions of each sort may call and run, by the part of their names before the dot. A plan that goes beyond it is refused. */
import { manager } from '../machine/units/systemd.ts';
import type { BusCall } from '../model/proposal.ts';

type Reach = {
    /** Bus, interface and member; of Set() also the interface and the property. */
    calls?: readonly string[];
    /** Run by the manager of the user's own programs, or by that of the system. */
    user?: readonly string[];
    system?: readonly string[];
};

const unitMethods = ['StartUnit', 'StopUnit', 'RestartUnit', 'ResetFailedUnit', 'KillUnit', 'Reload'];
const units = ['session', 'system'].flatMap(bus => unitMethods.map(member => `${bus} ${manager.interface}.${member}`));
/** What writes, replaces and removes one file (`files/fileStep.ts`). */
const writing = ['cmp', 'cp', 'install', 'ln', 'mv', 'rm', 'sync', 'tee'];
const files = [...writing, 'chmod', 'chown', 'find'];
const packageManagers = ['apt-get', 'apt-mark', 'dnf', 'dpkg', 'pacman', 'rpm'];
const network = 'system org.freedesktop.NetworkManager';
const clock = 'system org.freedesktop.timedate1';
const setting = (bus: BusCall['bus'], property: string) => `${bus} org.freedesktop.DBus.Properties.Set ${property}`;

const reach: Readonly<Record<string, Reach>> = {
    account: {
        calls: ['SetAccountType', 'SetAutomaticLogin', 'SetLanguage', 'SetRealName'].map(
            member => `system org.freedesktop.Accounts.User.${member}`,
        ),
        user: ['gsettings'],
        system: ['faillock', 'gpasswd'],
    },
    application: { calls: ['session org.freedesktop.Application.Activate'], user: ['gio', ...writing] },
    autostart: { user: writing },
    bluetooth: {
        calls: [
            ...['Adapter1.RemoveDevice', 'Device1.Connect', 'Device1.Disconnect', 'Device1.Pair'].map(
                member => `system org.bluez.${member}`,
            ),
            setting('system', 'org.bluez.Device1.Trusted'),
        ],
    },
    clock: { calls: [`${clock}.SetLocalRTC`, `${clock}.SetNTP`, `${clock}.SetTimezone`] },
    command: { user: [...writing, 'gio', 'mkdir', 'rmdir'] },
    computer: {
        calls: [
            'system org.freedesktop.hostname1.SetPrettyHostname',
            'system org.freedesktop.hostname1.SetStaticHostname',
            'system org.freedesktop.locale1.SetLocale',
        ],
    },
    dash: { user: ['gsettings'] },
    display: { user: ['gdctl'] },
    drive: {
        calls: [
            ...['Drive.Eject', 'Drive.PowerOff', 'Filesystem.Mount', 'Filesystem.Unmount'],
            ...['Drive.Ata', 'NVMe.Controller'].flatMap(of => [`${of}.SmartSelftestStart`, `${of}.SmartSelftestAbort`]),
        ].map(member => `system org.freedesktop.UDisks2.${member}`),
    },
    dropin: { calls: units, user: [...writing, 'rmdir'], system: [...writing, 'rmdir'] },
    extension: {
        calls: ['DisableExtension', 'EnableExtension'].map(member => `session org.gnome.Shell.Extensions.${member}`),
    },
    grant: { calls: ['session org.reevedesktop.Reeve1.Grants.Add', 'session org.reevedesktop.Reeve1.Grants.Remove'] },
    file: { calls: units, user: [...files, 'tar'], system: files },
    firewall: { system: ['cmp', 'cp', 'firewall-cmd', 'install', 'mv', 'rm', 'systemctl', 'ufw'] },
    filesystem: { system: ['mount', 'tune2fs'] },
    firmware: { system: ['fwupdmgr'] },
    flatpak: { user: [...writing, 'flatpak'], system: ['flatpak'] },
    fstab: { calls: units, system: writing },
    hosts: { system: writing },
    keyboard: { user: ['gsettings'] },
    journal: { system: ['journalctl'] },
    kernel: { system: [...writing, 'sysctl'] },
    limits: { system: [...writing, 'sysctl'] },
    network: {
        calls: [
            `${network}.ActivateConnection`,
            `${network}.Device.Disconnect`,
            `${network}.Settings.Connection.Delete`,
        ],
        user: ['nmcli'],
        system: ['install', 'mv', 'nmcli'],
    },
    nixos: { system: [...writing, 'nixos-rebuild'] },
    packages: { calls: units, system: packageManagers },
    // A setting of pacman.
    'packages.hold': { system: [...packageManagers, ...writing] },
    'packages.unhold': { system: [...packageManagers, ...writing] },
    power: { calls: [setting('system', 'org.freedesktop.UPower.PowerProfiles.ActiveProfile')] },
    printer: {
        calls: units,
        user: ['cancel', 'lp', 'lpoptions'],
        system: ['cancel', 'cupsaccept', 'cupsdisable', 'cupsenable', 'cupsreject', 'lp'],
    },
    program: { calls: units, user: ['grep', 'kill', 'renice', 'systemctl'] },
    repository: { system: [...writing, 'apt-get'] },
    radio: {
        calls: [
            setting('system', 'org.freedesktop.NetworkManager.WirelessEnabled'),
            setting('system', 'org.bluez.Adapter1.Powered'),
            setting('session', 'org.gnome.SettingsDaemon.Rfkill.AirplaneMode'),
        ],
        user: ['rfkill'],
    },
    screen: { calls: ['system org.freedesktop.login1.Session.SetBrightness'] },
    service: { calls: units, user: ['gio', ...writing] },
    session: {
        calls: [
            'session org.gnome.ScreenSaver.Lock',
            'session org.gnome.SessionManager.Logout',
            'session org.gnome.SessionManager.Reboot',
            'session org.gnome.SessionManager.Shutdown',
            'system org.freedesktop.login1.Manager.CancelScheduledShutdown',
            'system org.freedesktop.login1.Manager.ScheduleShutdown',
            'system org.freedesktop.login1.Manager.Suspend',
        ],
    },
    setting: { user: ['gsettings'] },
    settings: { calls: ['session org.freedesktop.Application.ActivateAction'], user: ['rm'] },
    snapshot: { system: ['snapper'] },
    sound: { user: ['pw-metadata', 'wpctl'] },
    ssh: { system: [...writing, 'systemctl'] },
    storage: { user: ['find'], system: ['fstrim', 'journalctl', ...packageManagers] },
    trash: { user: ['find', 'gio', 'ln', 'rm'] },
    wallpaper: { user: ['gsettings'] },
    unit: { calls: units, user: ['systemctl'], system: ['systemctl'] },
};

export function reachOf(action: string): Reach | undefined {
    const [sort = ''] = action.split('.');
    return reach[[action, sort].find(name => Object.hasOwn(reach, name)) ?? ''];
}

/** A call as the table above names it. */
export function callName({ bus, interface: name, member, arguments: values }: BusCall): string {
    const called = `${bus} ${name}.${member}`;
    return name === 'org.freedesktop.DBus.Properties' ? `${called} ${textOf(values[0])}.${textOf(values[1])}` : called;
}

function textOf(value: BusCall['arguments'][number] | undefined): string {
    return typeof value === 'string' ? value : '';
}
