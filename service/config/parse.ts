import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import { safeText } from '../text/sanitise.ts';
import { formerNames, settings, type Config, type Section } from './schema.ts';
import { readService, serviceName, type DeclaredService } from './services.ts';

/** A problem in the file, in words that name line and setting. */
export type ConfigProblem = { line: number | null; setting: string; message: string };

export const defaults: Config = applyTo({}, '', null).config;

/**
 * Reads the text of a configuration file. Mistakes are left out: such a setting keeps its value in `previous`, and a
 * file that is no TOML keeps them all.
 */
export function parseConfig(text: string, previous: Config = defaults): { config: Config; problems: ConfigProblem[] } {
    try {
        return applyTo(parse(text), text, previous);
    } catch (error) {
        if (!(error instanceof TomlError)) throw error;
        // The first line of the message is the reason; a picture of the place follows.
        const reason = error.message.replace(/^Invalid TOML document: /, '').split('\n', 1)[0] ?? '';
        return { config: previous, problems: [{ line: error.line, setting: '', message: safeText(reason, 200) }] };
    }
}

function applyTo(file: Record<string, unknown>, text: string, previous: Config | null) {
    const tables: Record<string, Record<string, z.ZodType>> = settings();
    const table = z.record(z.string(), z.unknown());
    const config: Record<string, Record<string, unknown>> = {};
    const problems: ConfigProblem[] = [];
    const report = (section: string, name: string | null, message: string) => {
        const setting = safeText(name === null ? section : `${section}.${name}`, 100);
        problems.push({ line: findLine(text, section, name), setting, message: safeText(message, 200) });
    };

    for (const [section, schemas] of Object.entries(tables)) {
        const given = table.safeParse(file[section] ?? {});
        if (!given.success) report(section, null, _('expected a table: [{section}]', { section }));
        const values = given.data ?? {};
        const former = formerNames[section] ?? {};
        const applied: Record<string, unknown> = (config[section] = {});
        for (const [name, schema] of Object.entries(schemas)) {
            const written = Object.hasOwn(values, name) ? name : (former[name] ?? name);
            const result = schema.safeParse(values[written]);
            if (!result.success) report(section, written, result.error.issues.map(({ message }) => message).join('; '));
            const last: Record<string, unknown> | undefined = previous?.[section as Section];
            applied[name] = result.success ? result.data : (last?.[name] ?? schema.parse(undefined));
        }
        for (const name of Object.keys(values))
            if (!Object.hasOwn(schemas, name) && !Object.values(former).includes(name))
                report(section, name, _('unknown setting'));
    }
    for (const section of Object.keys(file))
        if (!Object.hasOwn(tables, section) && section !== 'services') report(section, null, _('unknown setting'));
    const declared = table.safeParse(file.services ?? {});
    if (!declared.success) report('services', null, _('expected a table: [{section}]', { section: 'services.NAME' }));
    const services = Object.entries(declared.data ?? {}).flatMap(([name, value]): DeclaredService[] => {
        const { service, problems: found } = readService(name, value);
        for (const { field, message } of found) report(`services.${name}`, field, message);
        const last = service ?? previous?.services.find(one => one.name === name);
        return last === undefined ? [] : [last];
    });
    const { url } = config.server as Config['server'];
    if (serviceName.test(url) && !services.some(({ name }) => name === url))
        report('server', 'url', _('there is no service {name}', { name: url }));
    return { config: { ...config, services } as unknown as Config, problems };
}

/** The line that holds a setting, from 1; null when the setting has a form that we do not search for. */
function findLine(text: string, section: string, name: string | null): number | null {
    let current: string | null = null;
    for (const [index, line] of text.split('\n').entries()) {
        const header = /^\s*\[\[?\s*["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1];
        if (header !== undefined) current = header;
        const key = /^\s*((?:"[^"]*"|'[^']*'|[\w.-])+)\s*=/.exec(line)?.[1]?.replaceAll(/["']/g, '');
        const path = header ?? (key === undefined ? null : current === null ? key : `${current}.${key}`);
        if (path === (name === null ? section : `${section}.${name}`)) return index + 1;
    }
    return null;
}
