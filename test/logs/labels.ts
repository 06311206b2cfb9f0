import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

import { severities } from '../../service/model/incident.ts';

/** A line, or the first and the last of some: `301`, `1203-1220`. */
const range = z
    .union([z.int().positive(), z.string().regex(/^\d+(?:\s*-\s*\d+)?$/)])
    .transform(text => {
        const [first = 0, last = first] = String(text).split('-').map(Number);
        return { first, last };
    })
    .refine(({ first, last }) => first <= last, 'ends before it begins');
const lines = z
    .union([range.transform(one => [one]), z.array(range)])
    .transform(ranges => new Set(ranges.flatMap(({ first, last }) => consecutive(first, last))));

/** One cause, whatever the number of its lines and consequences. */
const label = z.object({
    cause: z.string(),
    family: z.union([z.string(), z.array(z.string())]).transform(names => [names].flat()),
    severity: z
        .union([z.enum(severities), z.array(z.enum(severities))])
        .transform(levels => new Set<string>([levels].flat())),
    lines,
});

const log = z.object({
    /** `server` for a computer without one. */
    desktop: z.string().default(''),
    healthy: z.boolean().default(false),
    incidents: z
        .array(label)
        .nullish()
        .transform(all => all ?? []),
    /** What a person may care about or not. */
    optional: z
        .array(label.partial({ cause: true, family: true, severity: true }))
        .nullish()
        .transform(all => all ?? []),
});

export type Label = z.output<typeof label>;
export type LabelledLog = z.output<typeof log> & { name: string; path: string };

/** @throws Error that names the file */
export function loadLabels(folder: string): LabelledLog[] {
    const files = readdirSync(folder).filter(name => name.endsWith('.yaml'));
    return files.toSorted().map(file => {
        const name = basename(file, '.yaml');
        const path = join(folder, `${name}.log`);
        if (!existsSync(path)) throw new Error(`${file} labels no log: ${path} is missing`);
        const labels = parseLabels(readFileSync(join(folder, file), 'utf8'), file);
        return { ...labels, name, path };
    });
}

/** @param file for the error */
export function parseLabels(text: string, file: string): z.output<typeof log> {
    const { success, data, error } = log.safeParse(parse(text));
    if (!success) throw new Error(`${file}: ${z.prettifyError(error)}`);
    return data;
}

function consecutive(first: number, last: number): number[] {
    return Array.from({ length: last - first + 1 }, (_unused, index) => first + index);
}
