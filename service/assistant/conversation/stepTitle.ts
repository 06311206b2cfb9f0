import { _ } from '../../i18n/i18n.ts';
import type { Json, ToolCall } from '../../inference/backend.ts';
import { safeText } from '../../text/sanitise.ts';
import { proposeFixName } from './proposeFix.ts';

/** What each tool reads, in the user's language. */
const titles: Readonly<Record<string, () => string>> = {
    audio: () => _('Sound'),
    bluetooth: () => _('Bluetooth'),
    boots: () => _('Startups'),
    changed_files: () => _('Changed configuration files'),
    clock: () => _('Date and time'),
    crashes: () => _('Crashed programs'),
    devices: () => _('Devices and their drivers'),
    displays: () => _('Monitors'),
    dns: () => _('Name servers'),
    drives: () => _('Drives and their health'),
    file_info: () => _('File'),
    filesystems: () => _('Disk space'),
    find_files: () => _('Search for files'),
    firmware: () => _('Firmware'),
    firewall: () => _('Firewall'),
    flatpaks: () => _('Flatpak applications'),
    folder_sizes: () => _('Largest folders'),
    graphics: () => _('Graphics'),
    hardware: () => _('Hardware'),
    incidents: () => _('Problems noticed by Reeve'),
    journal: () => _('Journal'),
    documentation: () => _('Documentation'),
    manual: () => _('Manual'),
    memory: () => _('Memory'),
    mounts: () => _('Mounted filesystems'),
    network_links: () => _('Network interfaces'),
    network_manager: () => _('Network connections'),
    network_ports: () => _('Programs listening on the network'),
    network_routes: () => _('Network routes'),
    nixos_config: () => _('Configuration of NixOS'),
    nixos_generations: () => _('Generations of NixOS'),
    nixos_options: () => _('Options of NixOS'),
    nixos_packages: () => _('Packages of NixOS'),
    package_changes: () => _('Package changes'),
    package_info: () => _('Package'),
    package_owner: () => _('Package that owns a file'),
    package_updates: () => _('Package updates'),
    power: () => _('Battery and power'),
    pressure: () => _('What programs wait for'),
    printers: () => _('Printers'),
    processes: () => _('Running programs'),
    processor: () => _('Processor load'),
    [proposeFixName]: () => _('Proposed fix'),
    read_file: () => _('Text file'),
    sessions: () => _('Sessions'),
    settings: () => _('Desktop settings'),
    temperatures: () => _('Temperatures'),
    timeline: () => _('Recent events'),
    timers: () => _('Timers'),
    trash: () => _('Trash'),
    usage: () => _('Past load of this computer'),
    unit_details: () => _('Unit'),
    units: () => _('Unit list'),
    users: () => _('User accounts'),
    versions: () => _('Versions'),
    wifi: () => _('Wi-Fi'),
};

const longestTitle = 200;

/** What a call reads, in words: "Journal: nginx.service, error". */
export function stepTitle({ name, arguments: values }: Pick<ToolCall, 'name' | 'arguments'>): string {
    const title = titles[name]?.() ?? name;
    const subjects = Object.values(values)
        .filter((value: Json): value is string => typeof value === 'string')
        .filter(value => value.trim() !== '');
    const words =
        subjects.length === 0 || name === proposeFixName
            ? title
            : _('{title}: {subjects}', { title, subjects: subjects.join(', ') });
    return safeText(words, longestTitle);
}
