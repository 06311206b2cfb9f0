// `npm run package:extension`: build/out-extension/UUID.shell-extension.zip for extensions.gnome.org, checked by the rules that can be
// checked without a reviewer.
import { copyFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import * as z from 'zod';
import { extensionUuid } from '../packaging/manifest.ts';
import { version } from '../service/util/version.ts';
import { buildAll } from './build.ts';
import { intoPlace } from './stage.ts';

/**
 * https://gjs.guide/extensions/overview/anatomy.html#metadata-json-required. A key that only states the default, or that the site sets
 * itself, must not be there.
 */
const metadata = z.strictObject({
    // The site refuses names of GNOME (validate_uuid).
    uuid: z
        .string()
        .regex(/^[\w.-]+@[\w.-]+$/)
        .regex(/^(?!.*[.@]gnome\.org$)/, 'is below gnome.org'),
    name: z.string().min(1),
    description: z.string().min(1),
    url: z.url({ protocol: /^https$/ }),
    // Since GNOME 40, the major number stands for all of its releases.
    'shell-version': z.array(z.string().regex(/^[4-9]\d$/)).min(1),
    'settings-schema': z.string().startsWith('org.gnome.shell.extensions.'),
    'gettext-domain': z.string().min(1),
    'version-name': z.string().regex(/^(?!^[. ]+$)[a-zA-Z0-9 .]{1,16}$/),
});

/** parse_zipfile_metadata, https://github.com/GNOME/extensions-web/blob/master/sweettooth/extensions/models.py */
const sizeLimit = 5 * 1024 * 1024;

/** The guidelines, "Don't include unnecessary files". The Shell compiles the settings' schemas since GNOME 44. */
const necessary =
    /^LICENSE$|^metadata\.json$|\.js$|\.css$|\.svg$|^locale\/[^/]+\/LC_MESSAGES\/[^/]+\.mo$|^schemas\/[^/]+\.gschema\.xml$/;

/** @returns what the site would refuse, each with the file or the key */
export function problemsOf(zip: Uint8Array): string[] {
    const files = unzipSync(zip);
    const names = Object.keys(files);
    const problems = names.filter(name => !necessary.test(name)).map(name => `${name}: is not necessary`);
    for (const name of ['metadata.json', 'extension.js'])
        if (!names.includes(name)) problems.push(`${name}: is missing`);
    const size = Object.values(files).reduce((sum, file) => sum + file.length, 0);
    if (size > sizeLimit) problems.push(`The files have ${size} bytes, more than ${sizeLimit}`);
    const text = files['metadata.json'];
    if (text === undefined) return problems;
    const { data, error } = metadata.safeParse(JSON.parse(Buffer.from(text).toString('utf8')));
    for (const { path, message } of error?.issues ?? []) problems.push(`metadata.json: ${path.join('.')}: ${message}`);
    if (data !== undefined && !names.includes(`schemas/${data['settings-schema']}.gschema.xml`))
        problems.push('metadata.json: settings-schema: has no file of its name');
    if (data !== undefined && data['version-name'] !== version)
        problems.push(`metadata.json: version-name: is not ${version}`);
    return problems;
}

/** @throws Error that says what the site would refuse */
export function packageExtension(
    built: string,
    out = join(dirname(import.meta.dirname), 'build', 'out-extension'),
): Promise<string> {
    return intoPlace(out, async (draft, finish) => {
        const name = `${extensionUuid}.shell-extension.zip`;
        const problems = problemsOf(await readFile(join(built, name)));
        if (problems.length > 0) throw new Error(problems.join('\n'));
        await copyFile(join(built, name), join(draft, name));
        return finish(join(draft, name));
    });
}

if (import.meta.main) console.log(await packageExtension(await buildAll()));
