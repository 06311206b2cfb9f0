// Units as real managers told of them. recorded/systemdN.json holds what GetAll answered for the properties that we read,
// in test desktops of Debian trixie (systemd 257.13) and sid (262.1), after units that fail in each known way were started
// with systemctl. 64-bit numbers too large for JSON are strings.
import { readFileSync } from 'node:fs';

import type { Connection } from '../../../service/bus/connection.ts';
import { BusError } from '../../../service/bus/connection.ts';
import { Systemd } from '../../../service/system/systemd.ts';
import { unitPath } from '../../../service/system/unitName.ts';

type Properties = Record<string, unknown>;
export type RecordedUnit = { unit: Properties; ofType: Properties | null };

export const versions = [257, 262] as const;
export type Version = (typeof versions)[number];

export function recordedUnits(version: Version): Record<string, RecordedUnit> {
    const file = new URL(`recorded/systemd${version}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, 'utf8'), (_key, value: unknown) =>
        value === '18446744073709551615' ? 2n ** 64n - 1n : value,
    ) as Record<string, RecordedUnit>;
}

/**
 * A manager that has these units, which a test may change at any time.
 *
 * @returns also `changed`, which sends the PropertiesChanged of a unit
 */
export function managerOf(units: Record<string, RecordedUnit>): { systemd: Systemd; changed: (name: string) => void } {
    const handlers = new Map<string, Set<() => void>>();
    const connection = {
        call: ({ path, member, arguments: args = [] }: { path: string; member: string; arguments?: unknown[] }) => {
            if (member === 'Subscribe') return Promise.resolve([]);
            const unit = Object.entries(units).find(([name]) => unitPath(name) === path)?.[1];
            if (member !== 'GetAll')
                return Promise.reject(new BusError('org.freedesktop.DBus.Error.UnknownMethod', member));
            const properties = args[0] === 'org.freedesktop.systemd1.Unit' ? unit?.unit : unit?.ofType;
            return Promise.resolve([properties ?? notFound(args[0])]);
        },
        subscribe: ({ path }: { path: string }, handler: () => void) => {
            const ofPath = handlers.get(path) ?? new Set();
            handlers.set(path, ofPath.add(handler));
            return Promise.resolve({
                [Symbol.asyncDispose]: () => {
                    ofPath.delete(handler);
                    return Promise.resolve();
                },
            });
        },
    } as unknown as Connection;
    return {
        systemd: new Systemd({ system: connection, session: connection }),
        changed: name => {
            for (const handler of handlers.get(unitPath(name)) ?? []) handler();
        },
    };
}

/** What a manager tells of a unit that does not exist; seen with 257 and 262. */
function notFound(of: unknown): Properties {
    const { unit, ofType } = recordedUnits(257)['sample-web.service'] ?? { unit: {}, ofType: {} };
    const missing = ['org.freedesktop.systemd1.NoSuchUnit', 'Unit not found.'];
    return of === 'org.freedesktop.systemd1.Unit'
        ? {
              ...unit,
              LoadState: 'not-found',
              LoadError: missing,
              ActiveState: 'inactive',
              SubState: 'dead',
              Requires: [],
          }
        : (ofType ?? {});
}

export function recorded(units: Record<string, RecordedUnit>, name: string): RecordedUnit {
    const unit = units[name];
    if (unit === undefined) throw new Error(`${name} was not recorded`);
    return unit;
}
