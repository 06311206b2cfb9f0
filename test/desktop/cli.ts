// Test desktops by hand: `npm run desktop -- up forky`. See README.md beside this file.
import { parseArgs } from 'node:util';
import { buildAll } from '../../build/build.ts';
import { Desktop, type DesktopOptions } from './desktop.ts';
import { listContainers } from './container.ts';
import { DesktopUnavailable, ensureImage, shellOf, suites, type Suite } from './image.ts';
import { CommandFailed } from './hostCommand.ts';
import { lock, unlock } from './lockScreen.ts';
import { restartShell } from './faults.ts';
import { pathToFileURL } from 'node:url';

const usage = `Usage: npm run desktop -- VERB …

  up SUITE [NAME] [options]   boot a desktop: ${suites.map(suite => `${suite} (${shellOf[suite]})`).join(', ')}; NAME is SUITE if not given
      --locale LOCALE         en_US.UTF-8, de_DE.UTF-8 or ar_EG.UTF-8
      --dark --high-contrast --text-scale N
      --extension UUID=DIR    install and enable an extension
      --install               install our own build (build/out) as alice
      --keep                  start from what the last desktop of this name left
  down NAME | ls
  do NAME STEP …              what follows, one after another in one go, e.g. do d key Super+space type hi shot /tmp/a.png
      key KEYS | type TEXT | click X Y | clickOn LABEL | move X Y | scroll DX DY
      eval CODE | wait EXPRESSION | shot FILE | lock | unlock
  key, type, click, clickOn, eval, wait, shot, lock, unlock NAME …   one step alone
  exec NAME COMMAND …         as root
  user NAME COMMAND …         as alice
  push NAME SOURCE FOLDER
  journal NAME [journalctl arguments]
  errors NAME                 what the desktop complained about; exit status 1 if it did
  names NAME                  all texts on the stage
  tree NAME [APPLICATION]     accessibility tree
  restart-shell NAME
  build [SUITE …]             build images only`;

class UsageError extends Error {}

type Step = { arguments: number; run: (desktop: Desktop, ...args: string[]) => Promise<unknown> };

const steps: Record<string, Step> = {
    key: { arguments: 1, run: (desktop, keys = '') => desktop.key(keys) },
    type: { arguments: 1, run: (desktop, text = '') => desktop.type(text) },
    click: { arguments: 2, run: (desktop, x, y) => desktop.click(Number(x), Number(y)) },
    move: { arguments: 2, run: (desktop, x, y) => desktop.move(Number(x), Number(y)) },
    scroll: { arguments: 2, run: (desktop, dx, dy) => desktop.scroll(Number(dx), Number(dy)) },
    clickOn: { arguments: 1, run: (desktop, label = '') => desktop.clickOn(label) },
    eval: { arguments: 1, run: (desktop, code = '') => desktop.evalJs(code) },
    wait: { arguments: 1, run: (desktop, expression = '') => desktop.waitFor(expression) },
    shot: { arguments: 1, run: (desktop, file = '') => desktop.screenshot(file) },
    lock: { arguments: 0, run: desktop => lock(desktop) },
    unlock: { arguments: 0, run: desktop => unlock(desktop) },
};

async function takeSteps(name: string, args: string[]): Promise<void> {
    const desktop = await Desktop.attach(name);
    try {
        for (const rest = [...args]; rest.length > 0;) {
            const verb = rest.shift() ?? '';
            const step = steps[verb];
            if (!step) throw new UsageError(`no step is called ${verb}`);
            if (rest.length < step.arguments) throw new UsageError(`${verb} needs ${step.arguments} arguments`);
            const result = await step.run(desktop, ...rest.splice(0, step.arguments));
            if (verb === 'eval' || verb === 'wait') console.log(JSON.stringify(result));
        }
    } finally {
        desktop.release();
    }
}

async function withDesktop(name: string, use: (desktop: Desktop) => Promise<number>): Promise<number> {
    const desktop = await Desktop.attach(name);
    try {
        return await use(desktop);
    } finally {
        desktop.release();
    }
}

function toSuite(text: string | undefined): Suite {
    const suite = suites.find(known => known === text);
    if (!suite) throw new UsageError(`no suite is called ${text ?? ''}`);
    return suite;
}

async function up(args: string[]): Promise<void> {
    const { positionals, values } = parseArgs({
        args,
        allowPositionals: true,
        options: {
            locale: { type: 'string' },
            dark: { type: 'boolean' },
            'high-contrast': { type: 'boolean' },
            'text-scale': { type: 'string' },
            extension: { type: 'string', multiple: true },
            install: { type: 'boolean' },
            keep: { type: 'boolean' },
        },
    });
    const suite = toSuite(positionals[0]);
    const options: DesktopOptions = { name: positionals[1] ?? suite, detached: true };
    if (values.locale) options.locale = values.locale as NonNullable<DesktopOptions['locale']>;
    if (values.dark) options.dark = true;
    if (values['high-contrast']) options.highContrast = true;
    if (values['text-scale']) options.textScale = Number(values['text-scale']);
    if (values.keep) options.keep = true;
    options.extensions = Object.fromEntries(
        (values.extension ?? []).map(text => {
            const [uuid = '', folder = ''] = text.split('=', 2);
            return [uuid, pathToFileURL(folder)];
        }),
    );
    if (values.install) await buildAll();
    await ensureImage(suite);
    const started = performance.now();
    const desktop = await Desktop.boot(suite, options);
    if (values.install) await desktop.install();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${desktop.name}: GNOME ${desktop.shellVersion} is up after ${seconds} s`);
    desktop.release();
}

async function act(verb: string, args: string[]): Promise<number> {
    const [name = '', ...rest] = args;
    switch (verb) {
        case 'up':
            await up(args);
            return 0;
        case 'build':
            for (const suite of args.length > 0 ? args.map(toSuite) : suites) console.log(await ensureImage(suite));
            return 0;
        case 'ls':
            for (const container of await listContainers()) console.log(`${container.name}\t${container.suite}`);
            return 0;
        case 'do':
            await takeSteps(name, rest);
            return 0;
    }
    if (Object.hasOwn(steps, verb)) {
        await takeSteps(name, [verb, ...rest]);
        return 0;
    }
    return withDesktop(name, async desktop => {
        switch (verb) {
            case 'down':
                await desktop.down();
                return 0;
            case 'exec':
            case 'user': {
                const { code, stdout, stderr } = await desktop[verb](rest, { mayFail: true, timeout: 600_000 });
                process.stdout.write(stdout);
                process.stderr.write(stderr);
                return code;
            }
            case 'push':
                await desktop.push(rest[0] ?? '', rest[1] ?? '');
                return 0;
            case 'journal':
                process.stdout.write(await desktop.journal(rest));
                return 0;
            case 'errors': {
                const errors = await desktop.errors();
                for (const error of errors) console.log(error);
                return errors.length > 0 ? 1 : 0;
            }
            case 'names':
                for (const text of await desktop.names()) console.log(text);
                return 0;
            case 'tree':
                console.log(JSON.stringify(await desktop.accessibilityTree(rest[0]), undefined, 1));
                return 0;
            case 'restart-shell':
                await restartShell(desktop);
                return 0;
            default:
                throw new UsageError(`no verb is called ${verb}`);
        }
    });
}

const [verb = 'help', ...args] = process.argv.slice(2);
if (verb === 'help' || verb === '--help') {
    console.log(usage);
} else {
    try {
        process.exitCode = await act(verb, args);
    } catch (error) {
        if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
        else if (error instanceof CommandFailed || error instanceof DesktopUnavailable) console.error(error.message);
        else console.error(error);
        process.exitCode = error instanceof UsageError ? 2 : 1;
    }
}
