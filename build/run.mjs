// Runs a script of ours under the pinned Node, installing the dependencies first when they are missing or stale.
// Plain JavaScript on purpose: this is the one file that must run under whatever Node the user happens to have.
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// NixOS cannot start the one from npm. Not by its link in .bin, which npm 10 deletes with the package for another processor.
const pinnedNode = process.env.REEVE_NODE ?? join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
const stamp = join(root, 'node_modules', '.reeve-lock');
/** The first that reads our overrides, some of which are aliases: `npm ci` of npm 9.2, which Debian 13 has, says that there is no lock file. */
const leastNpm = 10;
const newerNpm = '10.9.9';
const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(join(root, 'package.json')))
    .digest('hex');

if (!existsSync(pinnedNode) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    console.error('Installing dependencies (npm ci) …');
    const { stdout, error } = spawnSync('npm', ['--version'], { encoding: 'utf8' });
    if (error !== undefined) console.error(`npm cannot be started: ${error.message}`);
    const newer = parseInt(stdout, 10) < leastNpm ? ['exec', '--yes', `--package=npm@${newerNpm}`, '--', 'npm'] : [];
    const argv = [...newer, 'ci', `--prefix=${root}`, '--no-audit', '--no-fund', '--loglevel=error'];
    // Not here: the older one would read our overrides to fetch the newer one, where an earlier installation is to be replaced.
    const { status } = spawnSync('npm', argv, { cwd: '/', stdio: ['ignore', 2, 2] });
    if (status !== 0) process.exit(status ?? 1);
    writeFileSync(stamp, lock);
}

const [first, ...rest] = process.argv.slice(2);
const args =
    first === '--bin'
        ? [join(root, 'node_modules', '.bin', rest[0]), ...rest.slice(1)]
        : ['--disable-warning=ExperimentalWarning', join(root, first), ...rest];
// Through the channel the script notices our end, however we end.
const child = spawn(pinnedNode, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
if (process.env.npm_lifecycle_event === 'start') {
    // It alone runs until it is stopped. npm, when killed, leaves its children running, and Node cannot ask Linux for a
    // signal on the parent's death (PR_SET_PDEATHSIG).
    const npm = process.ppid;
    setInterval(() => {
        if (process.ppid !== npm) child.kill('SIGTERM');
    }, 1000).unref();
}
child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
