/** Servers of models that a person declares in config.toml, each in a table [services.NAME]. */
import * as z from 'zod';

import { isUnitName } from '../model/unitName.ts';

/** How it is run: as a unit that exists, a program, or a container. */
export type DeclaredService = {
    name: string;
    /** Where it answers, on this computer; what OpenAI-compatible servers answer is below it. */
    url: string;
    /** Below the origin of `url`; answers with 2xx while the server is well. */
    health: string;
} & (
    | { kind: 'unit'; unit: string }
    | { kind: 'command'; command: readonly string[]; environment: readonly string[] }
    | {
          kind: 'container';
          image: string;
          engine: 'podman' | 'docker';
          arguments: readonly string[];
          environment: readonly string[];
          volumes: readonly string[];
          devices: readonly string[];
          /** The port inside it. */
          port: number;
      }
);

/** A part of the name of a unit, and of a container. */
export const serviceName = /^[a-z0-9][a-z0-9-]{0,31}$/;

const word = () =>
    z
        .string()
        .max(4096)
        .regex(/^\P{Cc}*$/u, 'expected text of one line');
const words = () => z.array(word()).max(256);
const environment = () =>
    z
        .array(word().regex(/^[A-Za-z_]\w*=/, 'expected an assignment, such as "OLLAMA_HOST=127.0.0.1"'))
        .max(64)
        .default([]);
const localUrl = 'expected an address on this computer with its port, such as "http://127.0.0.1:8080/v1"';

const fields = () => ({
    unit: z
        .string()
        .refine(
            name => isUnitName(name) && name.endsWith('.service'),
            'expected a service of yours, such as "ollama.service"',
        )
        .optional(),
    command: words()
        .min(1, 'expected a program and its arguments')
        .refine(([program = '']) => /^\/.*[^/]$/.test(program), 'expected a program by its whole path')
        .optional(),
    image: z
        .string()
        .max(512)
        .regex(/^[A-Za-z0-9][\w.:/@-]*$/, 'expected an image, such as "docker.io/ollama/ollama"')
        .optional(),
    engine: z.enum(['podman', 'docker']).default('podman'),
    arguments: words().default([]),
    environment: environment(),
    volumes: z
        .array(word().regex(/^\/[^:]+:\/[^:]+(?::[\w,]+)?$/, 'expected "/here:/there", or "/here:/there:ro"'))
        .max(32)
        .default([]),
    devices: z
        .array(word().regex(/^\/dev\/[\w/.-]+$/, 'expected a device, such as "/dev/dri"'))
        .max(32)
        .default([]),
    port: z.int().min(1).max(65_535).optional(),
    url: z.string(localUrl).refine(isLocal, localUrl),
    health: word()
        .regex(/^\/[^\s]*$/, 'expected a path, such as "/health"')
        .optional(),
});

/** For each way to run one, the fields that it can have. */
const fieldsOf = {
    unit: ['unit'],
    command: ['command', 'environment'],
    image: ['image', 'engine', 'arguments', 'environment', 'volumes', 'devices', 'port'],
} as const;

type Problem = { field: string | null; message: string };

/** @returns what is declared, or what is wrong with it */
export function readService(name: string, table: unknown): { service: DeclaredService | null; problems: Problem[] } {
    const wrong = (field: string | null, message: string) => ({ service: null, problems: [{ field, message }] });
    if (!serviceName.test(name))
        return wrong(null, 'expected a name of letters a to z, digits and hyphens, 32 at most');
    const parsed = z.strictObject(fields()).safeParse(table);
    if (!parsed.success) {
        const problems = parsed.error.issues.flatMap((issue): Problem[] =>
            issue.code === 'unrecognized_keys'
                ? issue.keys.map(field => ({ field, message: 'unknown setting' }))
                : [{ field: issue.path[0] === undefined ? null : String(issue.path[0]), message: issue.message }],
        );
        return { service: null, problems };
    }
    const given = Object.keys(table as object);
    const ways = (['unit', 'command', 'image'] as const).filter(way => given.includes(way));
    const [way] = ways;
    if (way === undefined || ways.length > 1) return wrong(null, 'expected one of unit, command and image');
    const allowed: readonly string[] = [...fieldsOf[way], 'url', 'health'];
    const other = given.find(field => !allowed.includes(field));
    if (other !== undefined) return wrong(other, `is not for a service that is declared by ${way}`);
    return { service: { ...common(name, parsed.data), ...ofWay(parsed.data) }, problems: [] };
}

type Parsed = z.output<z.ZodObject<ReturnType<typeof fields>>>;

function common(name: string, { url, health }: Parsed) {
    // What each OpenAI-compatible server has: https://platform.openai.com/docs/api-reference/models
    return { name, url, health: health ?? `${new URL(url).pathname.replace(/\/$/, '')}/models` };
}

function ofWay({ unit, command, image, ...rest }: Parsed) {
    const { engine, environment, volumes, devices } = rest;
    if (unit !== undefined) return { kind: 'unit', unit } as const;
    if (command !== undefined) return { kind: 'command', command, environment } as const;
    const port = rest.port ?? Number(new URL(rest.url).port);
    const container = { image: image ?? '', engine, arguments: rest.arguments, environment, volumes, devices, port };
    return { kind: 'container', ...container } as const;
}

function isLocal(text: string): boolean {
    const url = URL.parse(text);
    if (url?.protocol !== 'http:' || url.port === '' || text.length > 1024) return false;
    const isHere = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname);
    return isHere && url.username + url.password + url.search + url.hash === '';
}
