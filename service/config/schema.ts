import * as z from 'zod';

import { severity, type Severity } from '../model/incident.ts';
import { levelNames } from '../util/log.ts';
import { serviceName, type DeclaredService } from './services.ts';

/** Minutes of the local day at which quiet hours begin and end; they may span midnight. */
export type QuietHours = { from: number; to: number };

/** A name of a unit in which `*` stands for any characters, as in systemctl(1). */
const unitPattern = () =>
    z
        .string()
        .min(1)
        .max(256)
        .regex(/^[\w:.@\\*-]+$/, 'expected the name of a unit, in which * stands for anything');

const clockTime = String.raw`([01]?\d|2[0-3]):([0-5]\d)`;
const quietHoursPattern = new RegExp(`^${clockTime} ?[-–] ?${clockTime}$`);

const quietHoursExpected = 'expected two times, such as "22:00-07:00", or ""';

const quietHours = () =>
    z
        .string(quietHoursExpected)
        .refine(text => text === '' || quietHoursPattern.test(text), quietHoursExpected)
        .transform((text): QuietHours | null => {
            const [, fromHour, fromMinute, toHour, toMinute] = (quietHoursPattern.exec(text) ?? []).map(Number);
            if (fromHour === undefined || fromMinute === undefined || toHour === undefined || toMinute === undefined)
                return null;
            return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
        });

const folder = () =>
    z
        .string()
        .max(4096)
        .regex(/^(?:\/|~(?:\/|$))/, 'expected a folder, such as "/srv/docs" or "~/Documents"');

/**
 * The address of an OpenAI-compatible server, without a name and password in it, which would end up in logs; or the name of one that is
 * declared.
 */
const serverUrl = () =>
    z
        .string()
        .max(1024)
        .refine(text => {
            const url = URL.parse(text);
            return (
                text === '' ||
                serviceName.test(text) ||
                (url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '')
            );
        }, 'expected an address such as "http://127.0.0.1:8080/v1", the name of one of your services, or ""');

/**
 * Every setting of config.toml, by section and name. docs/configuration.md describes each of them to people.
 * Made for each use, as that is seldom: after it nothing of them stays in memory.
 */
export const settings = () =>
    ({
        watch: {
            journal: z.boolean().default(true),
            ignore: z.array(unitPattern()).max(256).default([]),
            without: z.array(z.string().min(1).max(64)).max(64).default([]),
            poll_every: z.int().min(5).max(86_400).default(900),
        },
        notifications: {
            per_hour: z.int().min(0).max(100).default(6),
            minimum_severity: severity.default('medium' satisfies Severity),
            quiet_hours: quietHours().prefault(''),
        },
        timeline: {
            days: z.int().min(1).max(3650).default(365),
        },
        assistant: {
            keep_conversations: z.boolean().default(true),
            steps: z.int().min(1).max(20).default(6),
        },
        usage: {
            enabled: z.boolean().default(true),
        },
        knowledge: {
            enabled: z.boolean().default(true),
            folders: z.array(folder()).max(16).default([]),
        },
        model: {
            accelerator: z.enum(['auto', 'cuda', 'vulkan', 'cpu']).default('auto'),
            unload_after: z.int().min(1).max(1440).default(10),
            threads: z.int().min(0).max(1024).default(0),
        },
        server: {
            url: serverUrl().default(''),
            model: z.string().max(256).default(''),
        },
        log: {
            level: z.enum(levelNames).default('info'),
        },
    }) as const;

/** Former names of settings, by section and present name. They are still read, since the file belongs to the user. */
export const formerNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    watch: { poll_every: 'look_every' },
};

type Settings = ReturnType<typeof settings>;

/** The settings as they apply, after defaults. */
export type Config = {
    [Section in keyof Settings]: { [Name in keyof Settings[Section]]: z.output<Settings[Section][Name] & z.ZodType> };
} & { services: readonly DeclaredService[] };

export type Section = keyof Settings;
