/** Names of units, as systemd.unit(5) and systemd's src/basic/unit-name.c have them. */

/** unit_type_table in systemd's src/basic/unit-def.c. */
const unitTypes = [
    'service',
    'mount',
    'swap',
    'socket',
    'target',
    'device',
    'automount',
    'timer',
    'path',
    'slice',
    'scope',
] as const;
export type UnitType = (typeof unitTypes)[number];

/** UNIT_NAME_MAX of unit-name.h is 256 with the terminating NUL. */
const maximumLength = 255;
const validCharacters = /^[A-Za-z0-9:_.\\@-]+$/;

/**
 * Whether a unit of this name can be started: valid by unit_name_is_valid(), and not a template, which has no instance
 * between "@" and the suffix.
 */
export function isUnitName(name: string): boolean {
    if (name.length > maximumLength || !validCharacters.test(name)) return false;
    const dot = name.lastIndexOf('.');
    if (dot <= 0 || !unitTypes.some(type => type === name.slice(dot + 1))) return false;
    const at = name.slice(0, dot).indexOf('@');
    return at !== 0 && at !== dot - 1;
}

/** @param name a valid unit name */
export function unitType(name: string): UnitType {
    const suffix = name.slice(name.lastIndexOf('.') + 1);
    const type = unitTypes.find(known => known === suffix);
    if (type === undefined) throw new TypeError(`${JSON.stringify(name)} is not the name of a unit`);
    return type;
}

/**
 * The path of a unit's object on the bus. Every character but letters and digits, and a digit at the beginning, becomes
 * an underscore and two hexadecimal digits: bus_label_escape() in systemd's src/basic/bus-label.c.
 */
export function unitPath(name: string): string {
    const label = name.replace(/[^A-Za-z0-9]|^[0-9]/g, character => {
        return `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
    return `/org/freedesktop/systemd1/unit/${label}`;
}

/** The unit whose object is at a path, the inverse of `unitPath`; null for other paths. */
export function unitOfPath(path: string): string | null {
    const label = path.slice(path.lastIndexOf('/') + 1);
    const name = label.replace(/_([0-9a-f]{2})/g, (_match, code: string) => String.fromCharCode(parseInt(code, 16)));
    return isUnitName(name) ? name : null;
}

/** Undoes the \xNN of unit names, one for each byte; see systemd.unit(5), "String escaping for inclusion in unit names". */
export function unescapeUnit(name: string): string {
    const bytes = name.replace(/\\x([0-9a-f]{2})/g, (_escape, digits: string) =>
        String.fromCharCode(parseInt(digits, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Where a mount unit mounts: systemd.mount(5) has the path in its name. */
export function mountPoint(name: string): string {
    const path = name.replace(/\.mount$/, '');
    return path === '-' ? '/' : `/${unescapeUnit(path.replaceAll('-', '/'))}`;
}

/** The unit that mounts there, the inverse of `mountPoint`: unit_name_path_escape() in systemd's src/basic/unit-name.c. */
export function mountUnit(path: string): string {
    const parts = path.split('/').filter(part => part !== '');
    if (parts.length === 0) return '-.mount';
    const escape = (part: string) =>
        Buffer.from(part)
            .toString('latin1')
            .replace(/[^A-Za-z0-9:_.]/g, byte => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
    return `${parts.map(escape).join('-').replace(/^\./, '\\x2e')}.mount`;
}

/** Whether a program's name makes it likely that it belongs to the unit: sshd to ssh.service, udisksd to udisks2.service. */
export function isNamedAfter(program: string, unit: string): boolean {
    const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
    const own = unit.replace(/\.[a-z]+$/, '').split('@', 1)[0] ?? '';
    // The number of a version, or of a protocol, is part of the name only where little else is.
    const [stem, name] = [plain(own).replace(/(?<=[a-z]{4})\d+$/, ''), plain(program)];
    if (stem.length < 3 || name.length < 3) return false;
    // The units of desktops have the names of applications: org.gnome.Shell.
    return name.startsWith(stem) || stem.startsWith(name) || (name.length > 4 && stem.endsWith(name));
}

/** What dbus-broker starts for a name on the bus: `dbus-:1.2-org.example.Name@7.service`, by its src/launch/service.c. */
const numbered = /^(dbus-:[\d.]+-[^@]+)@\d+\.service$/;

/** A D-Bus service gets a unit with a new number at each start: the name without the number. Other names stay as they are. */
export function unnumbered(name: string): string {
    return name.startsWith('dbus-:') ? name.replace(numbered, '$1.service') : name;
}

/** The pattern of the units whose `unnumbered` name this is; null for the name of a unit. */
export function numberedPattern(name: string): string | null {
    const service = /^(dbus-:[\d.]+-[^@]+)\.service$/.exec(name)?.[1];
    return service === undefined ? null : `${service}@*.service`;
}
